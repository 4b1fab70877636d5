// One's own account: an authenticator app, a passkey, and the end of a session elsewhere.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { assertAccessible } from './support/axe.mjs';
import { assertNoProblems, newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { addAuthenticator, hireStaff, nameOf } from './support/people.mjs';

const PASSWORD = 'Lu-Deng-2026!';

/** What an authenticator app shows: RFC 6238 with SHA-1, six digits, thirty seconds. */
function codeOf(key, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', secret).update(step).digest();
  const start = hash[19] & 15;
  return String((hash.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

describe(`one's own account (${engine})`, () => {
  let app;
  let browser;
  let page;
  let key;
  let recovery;

  before(async () => {
    app = await startApp({ region: '410103', secondFactor: 'required' });
    // A passkey needs a host with a name; this machine's is localhost.
    app.url = app.url.replace('127.0.0.1', 'localhost');
    browser = await openBrowser();
    await hireStaff(app);
    page = await newPerson(browser, app);
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  async function typePassword(person, login) {
    await person.goto('/login');
    await person.getByLabel('登录名').fill(login);
    await person.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await person.getByRole('button', { name: '登录', exact: true }).click();
  }

  async function seen(name) {
    await look(page, name);
    await assertAccessible(page);
  }

  test('the first sign-in leads to a second factor, which may wait', async () => {
    await typePassword(page, 'lead_officer');
    await page.waitForURL('**/account/enrol**');
    await seen('account-enrol');
    await page.getByRole('link', { name: '以后再说' }).click();
    await page.waitForURL('**/desk');
  });

  test('an app is set up with its picture or its key, and brings recovery codes', async () => {
    await page.goto('/account/factors/totp');
    key = (await page.locator('[data-totp-key]').textContent()).replaceAll(' ', '');
    assert.match(key, /^[A-Z2-7]{32}$/);
    assert.ok(await page.locator('.totp-picture').evaluate((picture) => picture.complete && picture.naturalWidth > 0));
    await page.getByLabel('动态码').fill('000000');
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('.field-error').waitFor();
    const again = (await page.locator('[data-totp-key]').textContent()).replaceAll(' ', '');
    assert.equal(again, key, 'the key that is in the app already');
    await seen('account-totp');
    await page.getByLabel('动态码').fill(codeOf(key));
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('.recovery-codes').waitFor();
    recovery = await page.locator('.recovery-codes code').allTextContents();
    assert.equal(recovery.length, 10);
    await seen('account-codes');
  });

  test('the next sign-in asks for a code, and a recovery code stands in', async () => {
    const other = await newPerson(browser, app, { viewport: PHONE, javaScript: false });
    await typePassword(other, 'lead_officer');
    await other.waitForURL('**/login/second**');
    await other.getByLabel('动态码').fill('000000');
    await other.getByRole('button', { name: '验证' }).click();
    await other.locator('.field-error').waitFor();
    // The next time step: the present code was used to set the app up.
    await other.getByLabel('动态码').fill(codeOf(key, Date.now() + 30_000));
    await other.getByRole('button', { name: '验证' }).click();
    await other.waitForURL('**/desk');
    assertNoProblems(other);

    const third = await newPerson(browser, app);
    await typePassword(third, 'lead_officer');
    await third.waitForURL('**/login/second**');
    await look(third, 'login-second');
    await assertAccessible(third);
    await third.getByLabel('动态码').fill(recovery[0]);
    await third.getByRole('button', { name: '验证' }).click();
    await third.waitForURL('**/desk');
    await third.context().close();

    // And the telephone's session is ended from the desk.
    await page.goto('/account');
    await seen('account');
    const line = page.locator('#sessions tbody tr', { hasNotText: '这一个' });
    assert.equal(await line.count(), 2);
    await page.getByRole('button', { name: '结束其他全部登录' }).click();
    await page.locator('dialog[open] button').first().click();
    await page.waitForURL('**/account?done=ended');
    assert.equal(await page.locator('#sessions tbody tr').count(), 1);
    await other.goto('/desk');
    assert.equal(new URL(other.url()).pathname, '/login');
    await other.context().close();
  });

  test('a passkey is made, and signs in alone and as the second step', async () => {
    await addAuthenticator(page);
    await page.goto('/account/factors/passkey');
    await page.getByLabel('给它起个名字').fill('办公室电脑');
    await seen('account-passkey');
    await page.getByRole('button', { name: '创建通行密钥' }).click();
    await page.waitForURL('**/account?done=passkey');
    await page.getByText('办公室电脑').first().waitFor();

    const leave = async () => {
      await page.getByRole('button', { name: '退出' }).click();
      await page.waitForURL('**/login');
    };
    await leave();
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.waitForURL('**/desk');
    await page.getByText(nameOf('lead_officer')).first().waitFor();

    await leave();
    await typePassword(page, 'lead_officer');
    await page.waitForURL('**/login/second**');
    await page.getByRole('button', { name: '用通行密钥' }).click();
    await page.waitForURL('**/desk');
    assertNoProblems(page);
  });
});
