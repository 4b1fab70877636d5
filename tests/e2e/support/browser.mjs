// The system's Chromium, and pages that remember everything that went wrong in them.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const DESK = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

const TELEPHONE = {
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
};

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openBrowser() {
  const executablePath = process.env.XIAOBAO_CHROMIUM ?? PLACES.find((place) => existsSync(place));
  assert.ok(executablePath, 'no Chromium: run scripts/install, or name one in XIAOBAO_CHROMIUM');
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * A person with her own browser: her cookies are not shared with anybody.
 * @param {object} [options]
 * @param {object} [options.viewport] DESK or PHONE
 * @param {boolean} [options.javaScript] false for a browser that runs none
 * @param {boolean} [options.touch] true for a telephone: fingers, and a mobile browser's name
 */
export async function newPerson(browser, app, { viewport = DESK, javaScript = true, touch = false } = {}) {
  const context = await browser.newContext({
    baseURL: app.url,
    viewport,
    javaScriptEnabled: javaScript,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    ...(touch && TELEPHONE),
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswerToTheForm(page, message)) {
      page.problems.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) page.problems.push(`${response.status()} ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left cuts off what it was still loading.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') page.problems.push(`${why} ${request.url()}`);
  });
  return page;
}

/** Chromium also reports the page itself as an error when a form is refused with 4xx. */
function isAnswerToTheForm(page, message) {
  return message.text().startsWith('Failed to load resource') && message.location().url === page.url();
}

/** Fails with all that went wrong in this person's browser: script, console, policy, server. */
export function assertNoProblems(page) {
  assert.deepEqual(page.problems, [], `in the browser at ${page.url()}`);
}
