// WCAG 2.2 AA as far as a machine can tell: axe finds nothing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const source = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function assertAccessible(page) {
  // Evaluated by the debugger, so the page's own content policy stays as strict as it is.
  await page.evaluate(source);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(one).join('\n')}`);
  assert.deepEqual(told, [], `axe at ${page.url()}`);
}

function one({ target, failureSummary }) {
  return `    ${target.join(' ')} — ${failureSummary.split('\n').slice(1, 2).join('').trim()}`;
}
