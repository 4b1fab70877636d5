// Every page that needs no account opens, reads well at both sizes, and nothing fails behind it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startApp } from './support/app.mjs';
import { assertAccessible } from './support/axe.mjs';
import { newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { look } from './support/look.mjs';

const PAGES = [
  ['/', 'home'],
  ['/login', 'login'],
  ['/complaints/new', 'complaint-new'],
  ['/track', 'track'],
];

describe('pages that need no account', () => {
  let app;
  let browser;
  before(async () => {
    app = await startApp();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  test('the server says that it is well', async () => {
    const answer = await fetch(`${app.url}/healthz`);
    assert.equal(answer.status, 200);
  });

  for (const [address, name] of PAGES) {
    test(`${address} opens, fits and is accessible`, async () => {
      const page = await newPerson(browser, app);
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200);
      assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
      assert.equal(await page.locator('h1').count(), 1, 'one headline');
      await look(page, name);
      await assertAccessible(page);
      await page.context().close();
    });

    test(`${address} opens without JavaScript`, async () => {
      const page = await newPerson(browser, app, { viewport: PHONE, javaScript: false });
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200);
      await page.context().close();
    });
  }

  test('the desk asks who you are', async () => {
    const page = await newPerson(browser, app);
    await page.goto('/desk');
    assert.equal(new URL(page.url()).pathname, '/login');
    await page.context().close();
  });

  test('a page that does not exist says so and leads back', async () => {
    const page = await newPerson(browser, app);
    const answer = await page.goto('/no/such/page');
    assert.equal(answer.status(), 404);
    await look(page, 'not-found');
    await assertAccessible(page);
    await page.context().close();
  });

  test('every answer carries the headers that keep strangers out', async () => {
    const { headers } = await fetch(`${app.url}/`);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'self'|default-src 'none'/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.ok(headers.get('referrer-policy'));
  });
});
