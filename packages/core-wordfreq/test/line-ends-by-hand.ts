/**
 * Line ends as in printed books, labelled by hand, with how often each word that a line end divides must be counted;
 * 0 for what must not become a word. The passages follow books in the public domain, but their lines were broken for
 * this test, and some sentences were added for hyphens that those books do not have there: the King James Bible; Jane
 * Austen, "Pride and Prejudice" (1813); Herman Melville, "Moby-Dick" (1851); Jacob and Wilhelm Grimm,
 * "Kinder- und Hausmärchen" (1857); Immanuel Kant, "Beantwortung der Frage: Was ist Aufklärung?" (1784).
 */
export const LABELLED: readonly {
  readonly text: string;
  /** The joined word or a part → how often it is counted. */
  readonly words: Readonly<Record<string, number>>;
}[] = [
  {
    text: `It is a truth universally acknow-
ledged, that a single man in posses-
sion of a good fortune, must be in want
of a wife. However little known the feel-
ings or views of such a man may be on his
first entering a neighbourhood, this truth
is so well fixed in the minds of the surround-
ing families, that he is considered as the
rightful property of some one or other of
their daughters. The feelings of a son-in-
law were fixed; a well-fixed truth, a well-
fixed mind.`,
    words: {
      acknowledged: 1,
      possession: 1,
      feelings: 2,
      surrounding: 1,
      inlaw: 0,
      wellfixed: 0,
      fixed: 4,
    },
  },
  {
    text: `Call me Ishmael. Some years ago—never
mind how long precisely—having little or no
money in my purse, and nothing particu-
lar to interest me on shore, I thought I would
sail about a little and see the watery part of
the world. It is a way I have of driving off the
spleen, and regulating the circula-
tion. Whenever I find myself growing grim about
the mouth; when-
ever it is a damp, drizzly November in my soul; when-
ever I find myself involun-
tarily pausing before coffin ware-
houses, and bringing up the rear of every fun-
eral I meet; and es-
pecially whenever my hypos get such an upper hand of
me, I account it high time to get to sea as soon as I can, a
cold-blooded sea, and a cold-
blooded whale.`,
    words: {
      particular: 1,
      circulation: 1,
      whenever: 4,
      involuntarily: 1,
      warehouses: 1,
      funeral: 1,
      especially: 1,
      coldblooded: 0,
    },
  },
  {
    text: `In the beginning God created the heav-
en and the earth. And the earth was without form,
and void; and dark-
ness was upon the face of the deep. And the Spirit of
God moved upon the face of the wa-
ters. And God said, Let there be light: and there was
light. And God saw the light, that it was good: and God
divided the light from the darkness. And God said, Let there
be a firma-
ment in the midst of the waters, and let it divide the wat-
ers from the waters. And God made the firmament, and
divided the waters which were under the firma-
ment from the waters which were above the firmament: and
it was so. And God called the firmament Heaven. And the
burnt-offering was of the morn-
ing; for a burnt-
offering is of the Lord, and the eve-
ning and the morning were the second day, and the evening was.`,
    words: {
      heaven: 2,
      darkness: 2,
      waters: 6,
      firmament: 5,
      morning: 2,
      evening: 2,
      burntoffering: 0,
      offering: 2,
    },
  },
  {
    text: `In den alten Zeiten, wo das Wünschen noch gehol-
fen hat, lebte ein König, dessen Töch-
ter waren alle schön, aber die jüngste war so schön,
daß die Sonne selber, die doch so vieles gese-
hen hat, sich verwun-
derte, so oft sie ihr ins Gesicht schien. Nahe bei dem
Schlosse des Königs lag ein großer dunk-
ler Wald, und in dem Walde unter einer al-
ten Linde war ein Brunnen: wenn nun der Tag recht heiß
war, so ging das Königs-
kind hinaus in den Wald und setzte sich an den Rand des küh-
len Brunnens; und wenn sie Langeweile hatte, so nahm sie eine
goldene Kugel, warf sie in die Höhe und fing sie wie-
der; und das war ihr liebstes Spiel-
werk. Es gab Haus-
und Hoftiere, Vor-
und Nachmittage, Brunnen und Linden und Wälder und Kugeln und
Töchter, und das Königskind und seine alten Freunde und Spielleute.`,
    words: {
      geholfen: 1,
      töchter: 2,
      gesehen: 1,
      verwunderte: 1,
      dunkler: 1,
      alten: 3,
      königskind: 2,
      kühlen: 1,
      wieder: 1,
      spielwerk: 1,
      hausund: 0,
      vorund: 0,
    },
  },
  {
    text: `Aufklärung ist der Ausgang des Men-
schen aus seiner selbst verschul-
deten Unmündigkeit. Unmündig-
keit ist das Unver-
mögen, sich seines Verstan-
des ohne Leitung eines anderen zu bedienen. Selbstver-
schuldet ist diese Unmündigkeit, wenn die Ur-
sache derselben nicht am Mangel des Verstandes, son-
dern der Entschlie-
ßung und des Mutes liegt, sich seiner ohne Lei-
tung eines anderen zu bedienen. Sapere aude! Habe Mut, dich deines
eigenen Verstandes zu bedie-
nen! ist also der Wahlspruch der Aufklä-
rung des Menschen.`,
    words: {
      menschen: 2,
      verschuldeten: 1,
      unmündigkeit: 3,
      unvermögen: 1,
      verstandes: 3,
      selbstverschuldet: 1,
      ursache: 1,
      sondern: 1,
      entschließung: 1,
      leitung: 2,
      bedienen: 3,
      aufklärung: 2,
    },
  },
];
