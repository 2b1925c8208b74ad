import { keep, recall } from '../storage';
import { PERSON_NAME_MAX } from './person';

const KEY = 'boardwalk.name';

const MANNERS = ['Calm', 'Bright', 'Swift', 'Quiet', 'Merry', 'Bold', 'Gentle', 'Keen', 'Lucky', 'Sunny'];
const ANIMALS = ['Heron', 'Otter', 'Finch', 'Badger', 'Seal', 'Plover', 'Hare', 'Osprey', 'Tern', 'Curlew'];

/** Under which a made-up name is kept: a chosen one, or that of whoever signs in, goes before it. */
const MADE_KEY = 'boardwalk.made-name';

/**
 * The name under which this browser shows up for others: the one chosen before, else that of the user who signed in,
 * else a made-up one.
 */
export function ownName(user: string | undefined): string {
  const known = [recall(KEY), user, recall(MADE_KEY)].find(
    (name) => name !== undefined && name.trim() !== '',
  );
  if (known !== undefined) {
    return known.trim().slice(0, PERSON_NAME_MAX);
  }
  const made = `${oneOf(MANNERS)} ${oneOf(ANIMALS)}`;
  keep(MADE_KEY, made);
  return made;
}

/** Remembers a chosen name; answers it as it will be shown, undefined when there is nothing left of it. */
export function chooseName(name: string): string | undefined {
  const chosen = name.replace(/\s+/g, ' ').trim().slice(0, PERSON_NAME_MAX);
  if (chosen === '') {
    return undefined;
  }
  keep(KEY, chosen);
  return chosen;
}

function oneOf(words: readonly string[]): string {
  return words[Math.floor(Math.random() * words.length)]!;
}
