// A spot check and a circular as people do them: the city draws a sample, finds something, the county puts it right, the city is
// content, writes a circular about it, and the county confirms.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { openBrowser } from './support/browser.mjs';
import { complaint } from './support/complaint.mjs';
import { choose, CITY, finish, hireStaff, nameOf, openAct, optionOf, seen, send, signIn } from './support/people.mjs';

describe(`a spot check and a circular (${engine})`, () => {
  let app;
  let browser;
  let number;
  const staff = {};

  before(async () => {
    app = await startApp({ region: '410100' });
    browser = await openBrowser();
    await hireStaff(app, CITY);
    const token = await app.token();
    for (const login of ['dispatcher', 'office_leader', 'lead_officer', 'bureau_leader', 'city_leader']) {
      staff[login] = await signIn(browser, app, login);
    }
    const answer = await fetch(`${app.url}/api/v1/complaints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'checked' },
      body: JSON.stringify({ ...complaint('checked'), region: '410103007' }),
    });
    number = (await answer.json()).number;
    await act(staff.dispatcher, 'register', async (page) => {
      await page.getByLabel('一句话事由').fill('电饭煲内胆起皮，店里不给换');
      await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '家用电器'));
      await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '质量'));
    });
    await act(staff.dispatcher, 'accept');
    await act(staff.dispatcher, 'dispatch', async (page) => {
      await page.locator('#f-unit').selectOption(await optionOf(page, 'unit', '大学路'));
    });
    await act(staff.office_leader, 'assign', async (page) => {
      await page.getByLabel('承办人', { exact: true }).selectOption(await optionOf(page, 'lead', nameOf('lead_officer')));
      await page.getByLabel('协办人').selectOption(await optionOf(page, 'partner', nameOf('second_officer')));
    });
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  async function act(page, action, fill = async () => {}) {
    await openAct(page, number, action);
    await fill(page);
    await finish(page, number, action);
  }

  /** Presses a button that asks once more, and says yes. */
  async function confirm(page, name) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator('dialog[open] button').first().click();
  }

  test('the city draws, finds, and is content with what was put right', async () => {
    const page = staff.city_leader;
    await page.goto('/desk');
    await page.getByRole('link', { name: '抽查', exact: true }).first().click();
    await page.getByRole('link', { name: '抽取样本' }).first().click();
    const today = await page.locator('#f-to').inputValue();
    await page.locator('#f-from').fill(`${today.slice(0, 4)}-01-01`);
    await page.locator('#f-to').fill(`${today.slice(0, 4)}-12-31`);
    await page.locator('#f-name').fill('本年抽查');
    await page.getByRole('button', { name: '先看看有多少件' }).click();
    await page.getByText('范围里有 1 件，会抽 1 件').waitFor();
    await seen(page, 'story-check-new');
    await page.getByRole('button', { name: '抽取样本' }).click();
    await page.waitForURL('**/desk/checks/1?done=drawn');
    await seen(page, 'story-check');
    await page.locator('a.row-link').first().click();
    await page.waitForURL('**/desk/checks/cases/1');
    for (const input of await page.locator('input[value="pass"]').all()) {
      await choose(page, await input.getAttribute('name'), 'pass');
    }
    await choose(page, 'verdict_wording_right', 'fail');
    await page.locator('#f-remark_wording_right').fill('告知里没有写明其他途径');
    await seen(page, 'story-check-case');
    await confirm(page, '办结这件的抽查');
    await page.getByText('请写抽查意见').first().waitFor();
    assert.equal(await page.locator('#f-remark_wording_right').inputValue(), '告知里没有写明其他途径');
    await page.locator('#f-words').fill('请补充告知，并核对同期的案件');
    await confirm(page, '办结这件的抽查');
    await page.waitForURL('**/desk/checks/1?done=finished');
    await page.getByText('1 项不合格').waitFor();

    const officer = staff.lead_officer;
    await officer.goto('/desk');
    await officer.getByRole('link', { name: '按抽查意见整改并反馈' }).click();
    await officer.getByText('告知里没有写明其他途径').or(officer.getByText('用语准确、规范')).first().waitFor();
    await officer.getByLabel('整改的情况').fill('已经补发书面告知，写明其他途径');
    await seen(officer, 'story-rectify');
    await send(officer);
    await officer.waitForURL(`**/desk/cases/${number}?done=rectify`);

    await page.goto('/desk');
    await page.getByRole('link', { name: '确认抽查整改' }).click();
    await choose(page, 'enough', 'yes');
    await page.getByLabel('核对的情况').fill('回执已经入卷');
    await send(page);
    await page.waitForURL(`**/desk/cases/${number}?done=close_rectification`);
    await page.goto('/desk/checks/1');
    await page.getByText('整改已确认').waitFor();
    await page.goto('/desk/accountability');
    await seen(page, 'story-accountability');
  });

  test('the circular about it is signed and confirmed', async () => {
    const page = staff.city_leader;
    await page.goto('/desk/checks/1');
    await page.getByRole('link', { name: '起草通报' }).click();
    await page.locator('#f-body').fill('抽查发现，个别案件的告知没有写明其他途径。\n请逐件核对。');
    await choose(page, 'organizations', await page.locator('input[name=organizations]').first().getAttribute('value'));
    const county = page.locator('label', { hasText: '二七区' }).first();
    await county.click();
    await seen(page, 'story-circular-edit');
    await page.getByRole('button', { name: '保存草稿' }).click();
    await page.waitForURL('**/desk/circulars/1?done=saved');
    await page.getByRole('button', { name: '送签' }).click();
    await page.waitForURL('**/desk/circulars/1?done=submit');
    await confirm(page, '签发');
    await page.waitForURL('**/desk/circulars/1?done=publish');
    await seen(page, 'story-circular');

    const leader = staff.bureau_leader;
    await leader.goto('/desk');
    await leader.getByRole('link', { name: '阅看并确认通报' }).click();
    await leader.getByRole('button', { name: '确认收到' }).click();
    await leader.waitForURL('**/desk/circulars/1?done=confirm');
    await page.goto('/desk/circulars/1');
    await page.getByText('已确认 1 ÷ 2').waitFor();
    await page.getByRole('link', { name: '打印' }).click();
    await page.getByText(/市监通〔\d{4}〕1号/).waitFor();
  });
});
