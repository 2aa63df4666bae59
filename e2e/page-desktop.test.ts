import { readAll } from '@org/wordfreq-aws-adapters/testing';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { axeViolations, hasBrowser, whyNot } from './support/browser.ts';
import { NOT_TEXT, stagePage } from './support/staged-page.ts';
import { useStage } from './support/use-stage.ts';

const open = useStage();

const letters = (page: Page): Locator => page.getByRole('region', { name: /Dead-letter queue/ });
const rows = (page: Page): Locator => page.getByRole('rowheader');

describe.runIf(hasBrowser)(`the dead letters on the page${whyNot}`, () => {
  it('stand there with their reasons', async () => {
    const { page } = await open(({ bury }) => {
      bury('noise.txt', 'Expected UTF-8 or UTF-16 text.', 'not-text');
      bury('<b>bold</b>.txt', 'Expected text, and got <b>noise</b>.', 'not-text');
    });
    await letters(page).getByRole('listitem').first().waitFor();
    expect(await letters(page).getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(
        /^noise\.txt\s+not-text\s+Expected UTF-8 or UTF-16 text\.\s+This cannot succeed: upload a corrected file\.\s+[\d:]+\s+in texts/,
      ),
      expect.stringMatching(/^<b>bold<\/b>\.txt\s+not-text\s+Expected text, and got <b>noise<\/b>\./),
    ]);
  });

  it('are sent back one by one, and all of one reason, but not what cannot succeed', async () => {
    const { stage, page, complaints } = await open(({ bury }) => {
      for (const key of ['a.txt', 'b.txt', 'c.txt']) bury(key);
      bury('noise.txt', 'Expected text.', 'not-text');
    });
    await page.getByRole('button', { name: 'Send back b.txt' }).click();
    await page.getByText('1 message sent back to be done again.').waitFor();
    expect(stage.jobs()).toEqual(['job of b.txt']);
    await expect.poll(() => page.locator('#queued').textContent()).toBe('1');
    expect(await page.getByRole('button', { name: 'Send back noise.txt' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Send back all: access-denied' }).click();
    await page.getByText('2 messages sent back to be done again.').waitFor();
    await expect.poll(() => letters(page).getByRole('listitem').count()).toBe(1);
    expect([...stage.jobs()].sort()).toEqual(['job of a.txt', 'job of b.txt', 'job of c.txt']);
    expect(complaints).toEqual([]);
  });

  it('are deleted after a confirmation, one by one and all of one reason', async () => {
    const { stage, page, complaints } = await open(({ bury }) => {
      for (const key of ['a.txt', 'b.txt']) bury(key, 'Expected text.', 'not-text');
      bury('c.txt');
    });
    const listed = () => letters(page).locator('strong').allTextContents();
    await page.getByRole('button', { name: 'Delete a.txt' }).click();
    await page.getByRole('dialog').getByText('Delete a.txt for good?').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await listed()).toEqual(['a.txt', 'b.txt', 'c.txt']);
    await page.getByRole('button', { name: 'Delete all: not-text' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('2 messages deleted.').waitFor();
    await expect.poll(listed).toEqual(['c.txt']);
    expect([stage.jobs(), complaints]).toEqual([[], []]);
  });

  it('are found by name and reason, also beyond the hundred that the page holds', async () => {
    const { page } = await open(({ bury }) => {
      for (let index = 0; index < 120; index += 1) bury(`${index}.txt`);
      bury('late.txt', 'Expected <b>text</b>.', 'not-text');
    });
    await expect.poll(() => page.locator('#dead-count').textContent()).toBe('100 of 121');
    const search = page.getByRole('searchbox', { name: 'Find dead letters by name or reason' });
    for (const [text, keys] of [
      ['late', ['late.txt']],
      ['NOT-TEXT', ['late.txt']],
      ['119.', ['119.txt']],
    ] as const) {
      await search.fill(text);
      await expect
        .poll(() => letters(page).locator('strong').allTextContents(), { message: text })
        .toEqual(keys);
    }
    await search.fill('<nothing>');
    await page.getByText('No dead letter found that has “<nothing>”.').waitFor();
  });

  it('are shown ten at a time, and counted all', async () => {
    const { page } = await open(({ bury }) => {
      for (let index = 0; index < 23; index += 1) bury(`${index}.txt`);
    });
    await expect.poll(() => letters(page).getByRole('listitem').count()).toBe(10);
    expect(await page.locator('#dead-count').textContent()).toBe('23');
    await page.getByRole('button', { name: 'Show more dead letters' }).click();
    expect(await letters(page).getByRole('listitem').count()).toBe(23);
    expect(await page.getByRole('button', { name: 'Show more dead letters' }).count()).toBe(0);
  });
});

describe.runIf(hasBrowser)(`the files on the page${whyNot}`, () => {
  it('show a new outcome, and opened rows stay open', async () => {
    const { stage, page } = await open(async ({ finish }) => {
      await finish('open.txt');
      await finish('noise.txt', NOT_TEXT);
    });
    const row = page.getByRole('row', { name: /noise\.txt/ });
    await row.getByText('failed:not-text').waitFor();
    const other = page.getByRole('row', { name: /open\.txt/ });
    await other.getByRole('button', { name: 'two, one' }).click();
    await stage.finish('noise.txt', { words: [{ word: 'mended', count: 3 }] });
    await row.getByText('counted').waitFor();
    await row.getByText('mended').waitFor();
    expect(await row.getByText('failed:not-text').count()).toBe(0);
    const link = other.getByRole('link', { name: 'every version, with all 2 words' });
    expect(await link.getAttribute('href')).toBe('/api/files/history?bucket=texts&key=open.txt');
    await other.getByRole('button', { name: 'two, one' }).click();
    await link.waitFor({ state: 'hidden' });
  });

  it('are doubtful where words are broken, with the likely encoding and what to do', async () => {
    const { page } = await open(async ({ finish }) => {
      await finish('old.txt', {
        warnings: [{ code: 'invalid-utf8', count: 4, firstOffset: 6 }],
        encoding: { name: 'utf-8', foundBy: 'default', likely: 'koi8-r' },
      });
    });
    const row = page.getByRole('row', { name: /old\.txt/ });
    await row.getByText('counted, broken words').waitFor();
    await row.getByRole('button', { name: 'two, one' }).click();
    await row.getByText('4 places are not UTF-8, the first at byte 6').waitFor();
    await row.getByText('If so, convert it from koi8-r to UTF-8 and upload it again.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('are found by name, outcome and word, and it says so when none is', async () => {
    const { page } = await open(async ({ finish }) => {
      await finish('moby.txt', { words: [{ word: 'whale', count: 3 }] });
      await finish('noise.txt', NOT_TEXT);
    });
    const search = page.getByRole('searchbox', { name: 'Find files by name, outcome or word' });
    for (const [text, key] of [
      ['WHALE', 'moby.txt'],
      ['not-text', 'noise.txt'],
      ['moby', 'moby.txt'],
    ] as const) {
      await search.fill(text);
      await expect.poll(() => rows(page).allInnerTexts(), { message: text }).toEqual([key]);
    }
    await search.fill('<nothing>');
    await page.getByText('No file found that has “<nothing>”.').waitFor();
    expect(await page.locator('#files-count').textContent()).toBe('0 of 2');
    await search.fill('');
    await expect.poll(() => rows(page).count()).toBe(2);
  });

  it('stand in the order that is asked for, also those that come later', async () => {
    const { stage, page } = await open(async ({ finish }) => {
      const totals = (words: number, bytes: number) => ({ totals: { words, bytes, distinctWords: 1 } });
      await finish('b10.txt', { ...totals(5, 100), durationMs: 3 });
      await finish('b9.txt', { ...NOT_TEXT, ...totals(0, 0), durationMs: 0 });
      await finish('a.txt', { ...totals(7, 50), durationMs: 30 });
    });
    const order = page.getByLabel('Order of the files');
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['a.txt', 'b9.txt', 'b10.txt']);
    for (const [name, keys] of [
      ['By name', ['a.txt', 'b9.txt', 'b10.txt']],
      ['Failures first', ['b9.txt', 'a.txt', 'b10.txt']],
      ['Most words first', ['a.txt', 'b10.txt', 'b9.txt']],
      ['Slowest first', ['a.txt', 'b10.txt', 'b9.txt']],
      ['Largest first', ['b10.txt', 'a.txt', 'b9.txt']],
    ] as const) {
      await order.selectOption(name);
      expect(await rows(page).allInnerTexts(), name).toEqual(keys);
    }
    await stage.finish('big.txt', { totals: { words: 1, bytes: 75, distinctWords: 1 } });
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['b10.txt', 'big.txt', 'a.txt', 'b9.txt']);
  });

  it('are shown 25 at a time, of the newest 500, and counted all', async () => {
    const { page } = await open(async ({ finish }) => {
      const at = Date.now();
      for (let index = 0; index < 520; index += 1) {
        await finish(`${index}.txt`, { finishedAt: new Date(at - index * 1000) });
      }
    });
    await expect.poll(() => rows(page).count()).toBe(25);
    expect(await rows(page).first().textContent()).toBe('0.txt');
    expect(await page.locator('#files-count').textContent()).toBe('500 of 520');
    await page.getByRole('button', { name: 'Show more files' }).click();
    expect(await rows(page).count()).toBe(125);
    // The page holds the newest 500; the pipeline has all.
    const search = page.getByRole('searchbox', { name: 'Find files' });
    await search.fill('519.txt');
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['519.txt']);
    await page.getByText('Searched all 520.').waitFor();
    await search.fill('.txt');
    await page.getByRole('button', { name: 'Search on' }).waitFor();
    await page.getByText(/^Searched 25 of 520\.$/).waitFor();
  });

  it('say how many of their words are kept, and give them for a spreadsheet', async () => {
    const { page, complaints } = await open(async ({ finish }) => {
      await finish('long.txt', { totals: { words: 5000, bytes: 30_000, distinctWords: 1234 } });
      await finish('noise.txt', { ...NOT_TEXT, totals: { words: 0, bytes: 4000, distinctWords: 0 } });
    });
    expect(await page.getByRole('row', { name: /noise/ }).locator('.size').textContent()).toBe('4.0 kB');
    await page.getByRole('button', { name: 'two, one' }).click();
    await page
      .getByRole('link', { name: 'every version, with the 2 most frequent of 1,234 different words' })
      .waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'the 2 most frequent of 1,234 different words', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('long.txt.csv');
    expect(String(await readAll(await download.createReadStream()))).toBe('word,count\r\ntwo,2\r\none,1\r\n');
    expect(complaints).toEqual([]);
  });

  it('are summed up in words beside the chart', async () => {
    const { page } = await open(async ({ finish }) => {
      await finish('a.txt');
      await finish('noise.txt', NOT_TEXT);
    });
    await page.getByText('2 files, 1 failed, 22 B; at most').waitFor();
    expect(await page.locator('#throughput-chart canvas').count()).toBe(1);
    await page.getByLabel('Time shown').selectOption('Last day');
    await page.getByText(/in 24 minutes\./).waitFor();
  });
});

describe.runIf(hasBrowser)(`files for the page${whyNot}`, () => {
  it('are dropped anywhere, and taken one after the other', async () => {
    const { stage, page } = await open();
    const transfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      for (const name of ['one.txt', 'two.txt', 'three.md'])
        transfer.items.add(new File(['text of ' + name], name));
      return transfer;
    })()`);
    const place = page.getByRole('region', { name: 'Files' });
    await place.dispatchEvent('dragover', { dataTransfer: transfer });
    expect(await page.locator('body.dropping').count()).toBe(1);
    await place.dispatchEvent('drop', { dataTransfer: transfer });
    await page.getByText('2 files are on the way.').waitFor();
    await page.getByText('three.md: Expected a name that ends in .txt').waitFor();
    expect(await page.locator('body.dropping').count()).toBe(0);
    expect(stage.uploads).toEqual([
      { name: 'one.txt', text: 'text of one.txt' },
      { name: 'two.txt', text: 'text of two.txt' },
    ]);
  });

  it('never take the place of others unasked', async () => {
    const { stage, page, complaints } = await open();
    const send = (...names: string[]) =>
      page.getByLabel('Choose .txt files').setInputFiles(
        names.map((name) => ({
          name,
          mimeType: 'text/plain',
          buffer: Buffer.from(`text ${stage.uploads.length}`),
        })),
      );
    await send('one.txt');
    await page.getByText('one.txt is on the way.').waitFor();
    await send('one.txt', 'two.txt');
    await page.getByText('1 file is on the way.').waitFor();
    await page.getByText('one.txt is there already.').waitFor();
    expect(stage.uploads.map(({ name }) => name)).toEqual(['one.txt', 'two.txt']);
    await page.getByRole('button', { name: 'Keep what is there' }).click();
    await page.getByText('one.txt is there already.').waitFor({ state: 'hidden' });
    await send('one.txt');
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    await expect.poll(() => stage.uploads.length).toBe(3);
    await page.getByRole('button', { name: 'Replace', exact: true }).waitFor({ state: 'hidden' });
    // The browser itself writes that a request had the status 409.
    expect(complaints.filter((complaint) => !complaint.includes('409'))).toEqual([]);
  });

  it('are refused before they are sent when they are too large', async () => {
    const { stage, page, complaints } = await open(undefined, { page: { maxUploadBytes: 2000 } });
    const picker = page.getByLabel('Choose .txt files');
    await picker.setInputFiles({ name: 'big.txt', mimeType: 'text/plain', buffer: Buffer.alloc(2001) });
    await page.getByText('big.txt: larger than 2.0 kB. Use the AWS CLI for it.').waitFor();
    expect([stage.uploads, complaints]).toEqual([[], []]);
  });
});

describe.runIf(hasBrowser)(`intake on the page${whyNot}`, () => {
  it('is paused and resumed, and everybody sees since when and by whom', async () => {
    const { stage, page, complaints } = await open(undefined, { page: { nameOf: () => 'ann@example.com' } });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page
      .getByRole('status')
      .getByText(/^Paused since [\d:]+ by ann@example\.com: workers finish what they have/)
      .waitFor();
    expect(await stage.intake.read()).toMatchObject({ by: 'ann@example.com' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Paused since').waitFor({ state: 'hidden' });
    await page.getByText('Workers take new files.').waitFor();
    expect([await stage.intake.read(), complaints]).toEqual([undefined, []]);
  });
});

describe.runIf(hasBrowser)(`the page that a deployed worker serves${whyNot}`, () => {
  it('shows all, and offers nothing that changes something', async () => {
    const { page } = await open(
      async ({ bury, finish, intake }) => {
        await finish('noise.txt', NOT_TEXT);
        bury('noise.txt');
        await intake.pause({ since: new Date(), by: '<b>ann</b>' });
      },
      { readOnly: true },
    );
    await letters(page).getByRole('listitem').waitFor();
    await page.getByText('This page may not send them back').waitFor();
    await page.getByText(/^Paused since [\d:]+ by <b>ann<\/b>: workers/).waitFor();
    const buttons = await page.getByRole('button').allInnerTexts();
    expect(buttons).toEqual(['Expected UTF-8 or UTF-16 text.']);
    for (const name of ['Count a file', 'Notifications']) {
      expect(await page.getByRole('region', { name: new RegExp(name) }).count(), name).toBe(0);
    }
  });

  it('shows the rest where the role may not read the dead-letter queue, and says what it may not', async () => {
    const denied = async (): Promise<never> => {
      throw new Error('not authorized to perform: sqs:ReceiveMessage');
    };
    const { page } = await open(({ finish }) => finish('a.txt'), {
      readOnly: true,
      sources: { deadLetters: { peek: denied, depth: denied } },
      state: 'Not complete',
    });
    expect(await page.getByRole('alert').textContent()).toBe(
      'The page could not ask for that: not authorized to perform: sqs:ReceiveMessage',
    );
    await page.getByRole('row', { name: /a\.txt/ }).waitFor();
    expect(await page.locator('#done').textContent()).toBe('1');
  });
});

describe.runIf(hasBrowser)(`the page when the server goes${whyNot}`, () => {
  it('says so, says from when its news are, and recovers by itself', async () => {
    const { stage, page } = await open(({ finish }) => finish('before.txt'));
    await page.getByRole('row', { name: /before\.txt/ }).waitFor();
    await stage.close();
    const alert = page.getByRole('alert');
    await expect
      .poll(() => alert.textContent())
      .toMatch(/^The pipeline does not answer; trying again\. What you see is from \d\d:\d\d:\d\d\.$/);
    await page.getByText('No answer', { exact: true }).waitFor();
    expect(await rows(page).allInnerTexts()).toEqual(['before.txt']);

    const again = await stagePage({ port: Number(new URL(stage.url).port) });
    onTestFinished(() => again.close());
    await again.finish('after.txt');
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await alert.textContent()).toBe('');
    await expect.poll(() => rows(page).allInnerTexts()).toEqual(['after.txt']);
  });
});

describe.runIf(hasBrowser)(`the encoding of a text on the page${whyNot}`, () => {
  it.each([
    [{ name: 'koi8-r', foundBy: 'declared' as const }, 'koi8-r, as declared'],
    [{ name: 'utf-16le', foundBy: 'bom' as const }, 'utf-16le, by its byte order mark'],
    [{ name: 'gb18030', foundBy: 'detected' as const }, 'gb18030, detected'],
    [
      { name: 'utf-8', foundBy: 'default' as const, likely: 'windows-1252' },
      'read as utf-8; perhaps it is windows-1252',
    ],
  ])('%j is shown, and how it was found', async (encoding, text) => {
    const { page, complaints } = await open(({ finish }) => finish('ru.txt', { encoding }));
    await page.locator('.opener').click();
    await page.locator('.opened').getByText(text).waitFor();
    expect(complaints).toEqual([]);
  });
});
