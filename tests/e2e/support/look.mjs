// A look at a page as people see it: nothing scrolls sideways, no picture is broken, nothing failed.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { engine } from './app.mjs';
import { assertNoProblems, DESK, PHONE } from './browser.mjs';

const pictures = process.env.E2E_PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

/** At 320 CSS pixels a page must still reflow (WCAG 1.4.10); no picture is taken of it. */
const NARROWEST = { width: 320, height: 640 };

/**
 * Looks at the page at each size and leaves it at the size it had.
 * @param {string} name of the picture, for example 'citizen-file'
 */
export async function look(page, name, { sizes = [DESK, PHONE] } = {}) {
  const before = page.viewportSize();
  for (const size of [...sizes, NARROWEST]) {
    await page.setViewportSize(size);
    const seen = await page.evaluate(async () => {
      await document.fonts.ready;
      const { scrollWidth, clientWidth } = document.documentElement;
      const wide = [...document.body.querySelectorAll('*')]
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
        .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
      const broken = [...document.images]
        .filter((image) => image.complete && image.naturalWidth === 0)
        .map((image) => image.currentSrc || image.outerHTML);
      return { overflow: scrollWidth - clientWidth, wide: wide.slice(0, 8), broken };
    });
    const where = `${name} at ${size.width} px`;
    assert.ok(seen.overflow <= 0, `${where} scrolls sideways by ${seen.overflow} px: ${seen.wide.join(', ')}`);
    assert.deepEqual(seen.broken, [], `${where}: broken pictures`);
    if (pictures && size !== NARROWEST) {
      await page.screenshot({ path: path.join(pictures, `${engine}-${name}-${size.width}.png`), fullPage: size === PHONE });
    }
  }
  if (before) await page.setViewportSize(before);
  assertNoProblems(page);
}
