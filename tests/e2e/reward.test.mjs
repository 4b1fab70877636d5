// A report without a name, proved true: a penalty, a reward proposed, signed by two, told; the reporter objects, claims by her code on
// a telephone and is paid. A second one is too small a matter: she reads why there is none.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { DESK, newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { choose, finish, hireStaff, openAct, optionOf, perform, seen, send, signIn } from './support/people.mjs';

const REGION = '410103';
const STAFF = {
  dispatcher: ['方慧', '410103/centre', 'dispatcher'],
  office_leader: ['郭建国', '410103007', 'leader'],
  lead_officer: ['田甜', '410103007', 'officer'],
  second_officer: ['马超群', '410103007', 'officer'],
  bureau_leader: ['宋志远', '410103', 'leader'],
};

describe(`a reward for a report without a name (${engine})`, () => {
  let app;
  let browser;
  let consumer;
  const staff = {};
  let large;
  let small;

  before(async () => {
    app = await startApp({ region: REGION });
    browser = await openBrowser();
    await hireStaff(app, STAFF);
    await app.cli('vault', 'escrow', ...['甲', '乙', '丙', '丁', '戊'].flatMap((name) => ['--name', name]));
    consumer = await newPerson(browser, app, { viewport: PHONE, touch: true });
    for (const login of ['dispatcher', 'office_leader', 'lead_officer', 'bureau_leader']) {
      staff[login] = await signIn(browser, app, login);
    }
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

  chapter('she reports twice on a telephone and keeps two codes', async () => {
    large = await reports('仓库里灌装假冒奶粉，每晚九点以后。');
    small = await reports('柜台的电子秤底下有磁铁。');
    assert.notEqual(large.code, small.code);
    await track(large.code);
    assert.equal(await consumer.getByRole('link', { name: '举报奖励' }).count(), 0);
    assert.equal((await consumer.request.get('/track/reward')).status(), 404, 'nothing is decided');
  });

  chapter('a case is opened and ends with a penalty, which enters the record of the shop', async () => {
    for (const [{ number }, fine] of [[large, '200000'], [small, '3000']]) {
      await toTheOfficers(number);
      await perform(staff.lead_officer, number, 'propose_opening', (page) => page.locator('[name=reason]').fill('现场查获'));
      await perform(staff.office_leader, number, 'approve');
      await perform(staff.lead_officer, number, 'propose_decision', async (page) => {
        await choose(page, 'decision', 'penalty');
        await page.getByLabel('罚没款').fill(fine);
        await page.locator('[name=reason]').fill('事实清楚，没收并罚款');
      });
      await perform(staff.office_leader, number, 'approve');
    }
    await staff.lead_officer.goto('/desk');
    for (const errand of ['登记处罚决定书', '提出是否给予举报奖励']) {
      assert.equal(await staff.lead_officer.getByText(errand).count(), 2, errand);
    }
    await perform(staff.lead_officer, large.number, 'record_penalty', async (page) => {
      await page.getByLabel('决定书文号').fill('二七市监处罚〔2026〕12号');
      await page.locator('[name=day]').fill(await today(page));
      await choose(page, 'kinds', 'fine');
      await page.locator('[name=sum]').fill('200000');
    });
  });

  chapter('the officer computes and proposes; two leaders sign, nobody twice', async () => {
    const page = staff.lead_officer;
    await openAct(page, large.number, 'propose_reward');
    await seen(page, 'reward-propose');
    for (const name of ['gravity', 'scope']) await choose(page, name, await firstOf(page, name));
    for (const box of await page.locator('input[name=excluded]').all()) {
      await choose(page, 'excluded', await box.inputValue());
    }
    await choose(page, 'level', 'second');
    await page.locator('[name=reason]').fill('举报的地点、时间与现场查获一致');
    await page.getByRole('button', { name: '先算一算' }).click();
    await page.getByText('6000').or(page.getByText('6,000')).first().waitFor();
    await seen(page, 'reward-computed');
    await finish(page, large.number, 'propose_reward');
    await perform(staff.office_leader, large.number, 'approve_reward');
    await staff.office_leader.goto(`/desk/cases/${large.number}`);
    const own = staff.office_leader.locator(`.acts a[href$="/approve_reward"]`);
    assert.equal(await own.count(), 0, 'she has signed');
    await staff.bureau_leader.goto('/desk');
    await staff.bureau_leader.getByText('审批举报奖励').first().waitFor();
    await perform(staff.bureau_leader, large.number, 'approve_reward');
    await perform(page, large.number, 'tell_reward');
  });

  chapter('she reads it on her telephone and objects; the leader keeps the sum', async () => {
    await track(large.code);
    await consumer.getByRole('link', { name: /奖励/ }).first().click();
    await consumer.getByRole('button', { name: '申请领取' }).waitFor();
    await bothSizes('reward-granted');
    await consumer.getByLabel('请说明您的意见').fill('还有一个仓库也是我说的');
    await consumer.getByRole('button', { name: '申请复核' }).click();
    await consumer.getByText('您的复核申请正在办理').waitFor();
    await bothSizes('reward-reviewing');
    assert.equal(await consumer.getByRole('button', { name: '申请领取' }).count(), 0);
    await perform(staff.bureau_leader, large.number, 'answer_review', async (page) => {
      await choose(page, 'changed', 'no');
      await page.locator('[name=answer]').fill('另一处仓库不在本案，金额没有差错');
    });
  });

  chapter('she claims by her code, without a name, and is paid', async () => {
    await consumer.goto('/track/reward');
    await consumer.getByRole('button', { name: '申请领取' }).click();
    await consumer.getByText('已经收到您的申请').waitFor();
    await bothSizes('reward-claimed');
    await staff.lead_officer.goto('/desk');
    await staff.lead_officer.getByText('办理奖励发放').first().waitFor();
    const page = staff.lead_officer;
    await openAct(page, large.number, 'pay_reward');
    await choose(page, 'shown', 'code');
    await page.getByLabel('出示的回执码或者查询码').fill('1234567890123456');
    await choose(page, 'way', await firstOf(page, 'way'));
    await page.getByLabel('财务凭证号').fill('记-2026-113');
    await send(page);
    await page.locator('.error-summary').waitFor();
    await seen(page, 'reward-wrong-code');
    await page.getByLabel('出示的回执码或者查询码').fill(large.code);
    await finish(page, large.number, 'pay_reward');
    await consumer.goto('/track/reward');
    await consumer.getByText('奖励已经发放').waitFor();
    await bothSizes('reward-paid');
    await consumer.goto('/track/case');
    await consumer.getByText(/奖励 .*元已于/).first().waitFor();
  });

  chapter('the other is too small: one signature, and she reads why', async () => {
    await perform(staff.lead_officer, small.number, 'propose_no_reward', async (page) => {
      await choose(page, 'ground', 'not_grave');
      await page.locator('[name=reason]').fill('罚没款没有达到较大数额');
    });
    await perform(staff.office_leader, small.number, 'approve_reward');
    await perform(staff.lead_officer, small.number, 'tell_reward');
    await track(small.code);
    await consumer.goto('/track/reward');
    await consumer.getByText('不予奖励').first().waitFor();
    await consumer.getByText('罚没款没有达到较大数额').first().waitFor();
    await bothSizes('reward-refused');
    await staff.lead_officer.goto('/desk/rewards');
    await seen(staff.lead_officer, 'rewards');
  });

  /** Her page as she sees it, and as it is on a desk. */
  async function bothSizes(name) {
    await look(consumer, name, { sizes: [DESK, PHONE] });
    await seen(consumer, name, PHONE);
  }

  async function reports(facts) {
    await consumer.goto('/reports/new');
    const place = consumer.locator('select[name=region]');
    if (await place.count()) await place.selectOption({ index: 1 });
    await consumer.getByLabel('举报谁').fill('童乐母婴店');
    await consumer.getByLabel('线索').fill(facts);
    await consumer.getByLabel('依据').fill('亲眼看到，有照片');
    await consumer.getByRole('button', { name: '下一步：实名还是匿名' }).click();
    await consumer.locator('label[for=f-named-no]').click();
    await consumer.locator('label[for=f-truthful]').click();
    await consumer.getByRole('button', { name: '提交举报' }).click();
    const code = consumer.locator('[data-receipt-code]');
    await code.waitFor();
    const number = (await consumer.locator('[data-case-number]').innerText()).trim();
    return { number, code: (await code.innerText()).replaceAll(' ', '') };
  }

  async function track(code) {
    await consumer.context().clearCookies();
    await consumer.goto('/track');
    await consumer.getByLabel('查询码或者回执码').fill(code);
    await consumer.getByRole('button', { name: '查询', exact: true }).click();
    await consumer.waitForURL('**/track/case');
  }

  async function toTheOfficers(number) {
    await perform(staff.dispatcher, number, 'register', async (page) => {
      await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '食品'));
      await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '食品'));
    });
    await perform(staff.dispatcher, number, 'dispatch', async (page) => {
      await page.getByLabel('承办所').selectOption(await optionOf(page, 'unit', '大学路'));
    });
    await perform(staff.office_leader, number, 'assign', async (page) => {
      await page.locator('[name=lead]').selectOption(await optionOf(page, 'lead', '田甜'));
      await page.locator('[name=partner]').selectOption(await optionOf(page, 'partner', '马超群'));
    });
  }

  /** The value of the first choice of this name. */
  async function firstOf(page, name) {
    return page.locator(`input[name=${name}]`).first().inputValue();
  }

  /** Today in Beijing, as a form takes it. */
  async function today(page) {
    return page.evaluate(() => new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date()));
  }
});
