import { keep, recall } from '../storage';
import { PERSON_NAME_MAX } from './person';

const KEY = 'boardwalk.name';

const MANNERS = ['Calm', 'Bright', 'Swift', 'Quiet', 'Merry', 'Bold', 'Gentle', 'Keen', 'Lucky', 'Sunny'];
const ANIMALS = ['Heron', 'Otter', 'Finch', 'Badger', 'Seal', 'Plover', 'Hare', 'Osprey', 'Tern', 'Curlew'];

/** The name under which this browser shows up for others: the one chosen before, else a made-up one. */
export function ownName(): string {
  const chosen = recall(KEY);
  if (chosen !== undefined && chosen.trim() !== '') {
    return chosen;
  }
  const made = `${oneOf(MANNERS)} ${oneOf(ANIMALS)}`;
  keep(KEY, made);
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
