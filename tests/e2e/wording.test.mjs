// The administrator of a bureau words a letter: a blank by the keyboard, the sample that follows, a version for later, the way back;
// once more on a telephone without a script.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { hireStaff, seen, signIn } from './support/people.mjs';

describe(`the wording of letters (${engine})`, () => {
  let app;
  let browser;
  before(async () => {
    app = await startApp({ region: '410103' });
    browser = await openBrowser();
    await hireStaff(app);
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  const HOURS = '办公时间：工作日9时至17时，';

  /** From 文号与印章 to the letter, as people go. */
  async function openLetter(page) {
    await page.goto('/admin/papers');
    await page.locator('a.row-link').first().click();
    await page.getByRole('link', { name: '看各种文书的文字' }).click();
    await page.getByRole('link', { name: '投诉受理决定书' }).click();
    await page.waitForURL('**/wording/national-2026/acceptance_decision');
  }

  test('words are written with a blank from the keyboard, the sample follows, the version is kept and compared', async () => {
    const page = await signIn(browser, app, 'admin');
    await openLetter(page);
    await seen(page, 'wording-letter');
    await page.getByRole('link', { name: '改文字' }).click();
    await page.getByRole('button', { name: '下面加一段' }).last().click();
    const area = page.getByLabel('第4段');
    await area.fill(HOURS);
    await page.keyboard.press('Alt+k');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), '{收到之日}');
    const sample = page.locator('#sample');
    await page.getByRole('button', { name: '{联系电话}' }).press('Enter');
    assert.equal(await area.inputValue(), `${HOURS}{联系电话}`);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'paragraph-4', 'and goes on writing');
    await sample.getByText(HOURS).waitFor();
    assert.ok(!(await sample.textContent()).includes('{联系电话}'), 'the sample fills the blank');
    await seen(page, 'wording-edit');
    await page.getByRole('button', { name: '保存' }).last().click();
    await page.getByText('还有 1 处要改').waitFor();
    assert.equal(await area.inputValue(), `${HOURS}{联系电话}`, 'what was typed stays');
    await page.getByLabel('为什么改').fill('写明办公时间');
    await page.getByLabel('为什么改').press('Enter');
    await page.waitForURL('**?done=saved');
    await page.getByText('使用中').waitFor();
    await page.getByRole('link', { name: '和通用文字对照' }).first().click();
    assert.equal(await page.locator('.difference ins').textContent(), `${HOURS}{联系电话}`);
    await seen(page, 'wording-difference');
    await page.context().close();
  });

  test('on a telephone, one for later is withdrawn and the official words come back', async () => {
    const page = await signIn(browser, app, 'admin');
    await page.setViewportSize(PHONE);
    await openLetter(page);
    await page.getByLabel('换回').selectOption('official');
    await page.getByLabel('从哪一天起').fill('2099-01-01');
    await page.getByLabel('为什么').fill('到时候不用了');
    await page.getByRole('button', { name: '换回' }).click();
    await page.getByText('还没有生效').waitFor();
    await seen(page, 'wording-coming', PHONE);
    await page.getByRole('button', { name: '撤回这一版' }).click();
    await page.locator('dialog[open] button').first().click();
    await page.waitForURL('**?done=withdrawn');
    assert.equal(await page.getByRole('button', { name: '撤回这一版' }).count(), 0);
    await page.getByLabel('换回').selectOption('official');
    await page.getByLabel('为什么').fill('不用了');
    await page.getByRole('button', { name: '换回' }).click();
    await page.waitForURL('**?done=saved');
    await page.goto('/admin/papers');
    await page.locator('a.row-link').first().click();
    await page.getByRole('link', { name: '看各种文书的文字' }).click();
    await seen(page, 'wording-list', PHONE);
    assert.equal(await page.getByText('本局的文字').count(), 0);
    await page.context().close();
  });

  test('without a script paragraphs are added and blanks are typed by their names', async () => {
    const page = await newPerson(browser, app, { viewport: PHONE, javaScript: false });
    const signed = await signIn(browser, app, 'admin');
    await page.context().addCookies(await signed.context().cookies());
    await openLetter(page);
    await page.getByRole('link', { name: '改文字' }).click();
    await page.getByRole('button', { name: '下面加一段' }).last().click();
    await page.getByLabel('第4段').fill('有疑问请致电｛联系电话｝。');
    await page.getByRole('button', { name: '检查并更新样张' }).click();
    await page.getByText('这样可以保存').waitFor();
    assert.ok((await page.locator('#sample').textContent()).includes('有疑问请致电1'));
    await signed.context().close();
    await page.context().close();
  });
});
