import { escapeText, make, outside, say } from './elements.js';
import { moment, whole } from './format.js';
import { messageList } from './message-list.js';

const showMailItems = messageList(
  { list: 'mails', sheet: 'mail-sheet', empty: 'no-mail', more: 'more-mails', home: 'mail-title' },
  mailItem,
  'No mail yet. Every subscriber is notified of each failure.',
);

/** @param {any} view */
export function showMails({ notifications }) {
  say('mail-count', whole(notifications.length));
  showMailItems(notifications);
}

/** @param {any} mail */
function mailItem({ topic, subject, text, at, key }) {
  const title = key === undefined ? escapeText(subject) : [`${escapeText(subject)}: `, outside(key)];
  const lines = text.split('\n').map(escapeText).join('\n');
  const element = document.createElement('details');
  element.append(
    make('summary', [make('span', [make('strong', title), ' ', moment(at)])]),
    make('pre', lines),
    make('p', ['to whoever subscribed to ', outside(topic)], 'message-foot'),
  );
  return make('li', [element]);
}
