// Two reports filed on a telephone: one by name, one without. The officer asks, the reporter answers with her code; the identity is
// opened by request and approval, once.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { addAuthenticator, hireStaff, optionOf, perform, seen, signIn } from './support/people.mjs';

const REGION = '410103';
const PASSWORD = 'Lu-Deng-2026!';
const CANARY = '欧阳金丝雀';
const STAFF = {
  agent: ['周敏', '410103/centre', 'intake_agent'],
  dispatcher: ['方慧', '410103/centre', 'dispatcher'],
  office_leader: ['郭建国', '410103007', 'leader'],
  lead_officer: ['田甜', '410103007', 'officer'],
  second_officer: ['马超群', '410103007', 'officer'],
  custodian: ['卫保全', '410103', 'identity_custodian'],
};

describe(`a report by name and one without (${engine})`, () => {
  let app;
  let browser;
  let consumer;
  const staff = {};
  const named = {};
  const anonymous = {};

  before(async () => {
    app = await startApp({ region: REGION });
    // A passkey needs a host with a name; this machine's is localhost.
    app.url = app.url.replace('127.0.0.1', 'localhost');
    browser = await openBrowser();
    await hireStaff(app, STAFF);
    consumer = await newPerson(browser, app, { viewport: PHONE, touch: true });
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  let fell;
  function chapter(title, tell) {
    test(title, async () => {
      if (fell) assert.fail(`not told, because an earlier chapter failed: ${fell}`);
      fell = title;
      await tell();
      fell = undefined;
    });
  }

  chapter('before the ceremony the page says so and asks nothing', async () => {
    await consumer.goto('/reports/new');
    await consumer.getByText('现在不能在网上举报').waitFor();
    assert.equal(await consumer.locator('textarea').count(), 0);
    await seen(consumer, 'report-closed', PHONE);
    await app.cli('vault', 'escrow', ...['甲', '乙', '丙', '丁', '戊'].flatMap((name) => ['--name', name]));
  });

  chapter('she reports by name; the draft keeps the report and not her', async () => {
    await signIn(browser, app, 'custodian').then((page) => (staff.custodian = page));
    await whatIsReported(consumer);
    await seen(consumer, 'report-who', PHONE);
    await consumer.locator('label[for=f-named-yes]').click();
    await consumer.locator('[name=reporter_name]').fill(CANARY);
    await consumer.locator('[name=reporter_phone]').fill('18738190006');
    await consumer.getByRole('button', { name: '提交举报' }).click();
    await consumer.getByText('请确认所填内容真实').first().waitFor();
    assert.equal(await consumer.locator('[name=reporter_name]').inputValue(), CANARY);
    await consumer.goto('/reports/new/you');
    assert.equal(await consumer.locator('[name=reporter_name]').inputValue(), '', 'it was kept nowhere');
    await consumer.locator('label[for=f-named-yes]').click();
    await consumer.locator('[name=reporter_name]').fill(CANARY);
    await consumer.locator('[name=reporter_phone]').fill('18738190006');
    Object.assign(named, await filed(consumer));
    await seen(consumer, 'report-receipt', PHONE);
  });

  chapter('another reports without a name, with the script switched off', async () => {
    const plain = await newPerson(browser, app, { viewport: PHONE, javaScript: false });
    await whatIsReported(plain);
    await plain.locator('label[for=f-named-no]').click();
    Object.assign(anonymous, await filed(plain));
    assert.notEqual(anonymous.code, named.code);
    await plain.context().close();
  });

  chapter('it goes to two officers, who ask her; she answers with her code', async () => {
    for (const login of ['dispatcher', 'office_leader', 'lead_officer']) staff[login] = await signIn(browser, app, login);
    for (const { number } of [named, anonymous]) {
      await perform(staff.dispatcher, number, 'register', async (page) => {
        await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '食品'));
        await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '食品'));
      });
      await perform(staff.dispatcher, number, 'dispatch', async (page) => {
        await page.getByLabel('承办所').selectOption({ label: await label(page, '大学路') });
      });
      await perform(staff.office_leader, number, 'assign', async (page) => {
        await page.locator('[name=lead]').selectOption({ label: await label(page, '田甜', 'lead') });
        await page.locator('[name=partner]').selectOption({ label: await label(page, '马超群', 'partner') });
      });
      await perform(staff.lead_officer, number, 'ask_reporter', async (page) => {
        await page.getByLabel('要问的话').fill('奶粉放在哪个货架？');
      });
    }
    await track(consumer, anonymous.code);
    await consumer.getByText('奶粉放在哪个货架？').waitFor();
    await seen(consumer, 'report-asked', PHONE);
    await consumer.getByRole('link', { name: '回答', exact: true }).click();
    await consumer.getByLabel('要说的话').fill('最里面的冷柜，晚上九点以后');
    await consumer.getByRole('button', { name: '发送' }).click();
    await consumer.getByText('已发送').first().waitFor();
    await staff.lead_officer.goto('/desk');
    await staff.lead_officer.getByText('看举报人的留言').first().waitFor();
    await staff.lead_officer.goto(`/desk/cases/${anonymous.number}`);
    await staff.lead_officer.getByText('最里面的冷柜').waitFor();
    await seen(staff.lead_officer, 'report-desk');
  });

  chapter('the officer goes, and comes back with a passkey', async () => {
    const page = staff.lead_officer;
    await addAuthenticator(page);
    await page.goto('/account/factors/passkey');
    await page.getByLabel('给它起个名字').fill('办公桌');
    await page.getByRole('button', { name: '创建通行密钥' }).click();
    await page.locator('.recovery-codes').waitFor();
    await page.getByRole('button', { name: '退出' }).click();
    await page.waitForURL('**/login');
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.waitForURL('**/desk');
  });

  chapter('the officer asks for the name, the custodian lets her, she sees it once', async () => {
    const page = staff.lead_officer;
    await page.goto(`/desk/cases/${named.number}`);
    assert.equal(await page.getByText(CANARY).count(), 0);
    await page.goto(`/desk/cases/${named.number}/identity`);
    await page.locator('[name=why]').fill('约举报人辨认现场照片');
    await page.locator('form[action$="/ask"] button[type=submit]').click();
    await page.getByText('申请已提交').first().waitFor();
    await staff.custodian.goto('/desk/identities');
    await staff.custodian.getByText(named.number).first().waitFor();
    await seen(staff.custodian, 'report-identities');
    await staff.custodian.goto(`/desk/cases/${named.number}/identity`);
    await staff.custodian.locator('[name=approve_password]').fill(PASSWORD);
    await staff.custodian.locator('form[action$="/approve"] button[type=submit]').click();
    await staff.custodian.getByText('已批准').first().waitFor();
    await page.goto(`/desk/cases/${named.number}/identity`);
    await page.locator('form[action$="/open"] [name=reason]').fill('约举报人辨认现场照片');
    await page.locator('[name=open_password]').fill(PASSWORD);
    await page.locator('form[action$="/open"] button[type=submit]').click();
    await page.getByText(CANARY).first().waitFor();
    await seen(page, 'report-opened');
    await page.goto(`/desk/cases/${named.number}/identity`);
    assert.equal(await page.getByText(CANARY).count(), 0, 'once');
  });

  async function whatIsReported(page) {
    await page.goto('/reports/new');
    const place = page.locator('select[name=region]');
    if (await place.count()) await place.selectOption({ index: 1 });
    await page.getByLabel('举报谁').fill('童乐母婴店');
    await page.getByLabel('线索').fill('店员把奶粉罐底的日期擦掉重新打印。');
    await page.getByLabel('依据').fill('亲眼看到，有照片');
    await page.getByRole('button', { name: '下一步：实名还是匿名' }).click();
    await page.waitForURL('**/reports/new/you');
  }

  async function filed(page) {
    await page.locator('label[for=f-truthful]').click();
    await page.getByRole('button', { name: '提交举报' }).click();
    const code = page.locator('[data-receipt-code]');
    await code.waitFor();
    const number = (await page.locator('[data-case-number]').innerText()).trim();
    return { number, code: (await code.innerText()).replaceAll(' ', '') };
  }

  async function track(page, code) {
    await page.goto('/track');
    await page.getByLabel('查询码或者回执码').fill(code);
    await page.getByRole('button', { name: '查询', exact: true }).click();
    await page.waitForURL('**/track/case');
  }

  async function label(page, part, name = 'unit') {
    const labels = await page.locator(`select[name=${name}] option`).allInnerTexts();
    return labels.find((text) => text.includes(part));
  }
});
