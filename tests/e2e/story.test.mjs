// The whole story: a consumer files on her telephone, the staff carry it to the archived file, she follows and rates.
// Beside it a call taken with the keyboard alone, two officers who act at once, and a refusal.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { complaint } from './support/complaint.mjs';
import { choose, hireStaff, nameOf, openAct, optionOf, perform, seen, send, signIn, tabTo, track } from './support/people.mjs';
import { takePhoto } from './support/photo.mjs';
import { checkVolume } from './support/volume.mjs';

const REGION = '410103';
const OFFICE = '大学路市场监督管理所';
const FACTS = '十月八日在店里买的电饭煲，用了三天内胆起皮。店里说是人为，不给换。我留着小票和照片。';

describe(`a complaint from the telephone to the archived file (${engine})`, () => {
  let app;
  let browser;
  let photo;
  let consumer;
  const staff = {};
  const story = {};

  before(async () => {
    app = await startApp({ region: REGION });
    browser = await openBrowser();
    await hireStaff(app);
    photo = await takePhoto(browser);
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  // Each chapter goes on where the one before ended: what follows a failure says only that.
  let fell;
  function chapter(title, tell) {
    test(title, async () => {
      if (fell) assert.fail(`not told, because an earlier chapter failed: ${fell}`);
      fell = title;
      await tell();
      fell = undefined;
    });
  }

  chapter('the consumer files on her telephone, with a photo and a mistake', async () => {
    consumer = await newPerson(browser, app, { viewport: PHONE, touch: true });
    Object.assign(story, await fileByTelephone(consumer, photo));
    assert.match(story.number, /^410103-\d{4}-\d{6}$/);
    assert.match(story.code, /^\d{12}$/);
  });

  chapter('everybody of the centre signs in', async () => {
    for (const login of ['agent', 'dispatcher', 'office_leader', 'lead_officer', 'second_officer', 'bureau_leader', 'admin']) {
      staff[login] = await signIn(browser, app, login);
      await seen(staff[login], `story-first-page-${login}`);
    }
  });

  chapter('the agent registers it, the dispatcher accepts it and gives it to the office that is proposed', async () => {
    const { agent, dispatcher } = staff;
    await agent.goto('/desk');
    await agent.locator(`a[href="/desk/cases/${story.number}"]`).first().click();
    await seen(agent, 'story-case-new');
    await perform(agent, story.number, 'register', async (page) => {
      await page.getByLabel('一句话事由').fill('电饭煲三天内胆起皮，要求退货退款');
      await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '家用电器'));
      await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '质量'));
    });
    await seen(agent, 'story-case-registered');
    await perform(dispatcher, story.number, 'accept');
    await perform(dispatcher, story.number, 'dispatch', async (page) => {
      const proposed = await page.locator('#f-unit option:checked').textContent();
      assert.ok(proposed.startsWith(OFFICE), `the office of the shop is proposed: ${proposed}`);
    });
    await seen(dispatcher, 'story-case-dispatched');
  });

  chapter('the office leader assigns two officers, the lead officer notifies and hears both sides', async () => {
    await perform(staff.office_leader, story.number, 'assign', async (page) => {
      await page.getByLabel('承办人', { exact: true }).selectOption({ label: `${nameOf('lead_officer')}（在办 0 件）` });
      await page.getByLabel('协办人').selectOption({ label: `${nameOf('second_officer')}（在办 0 件）` });
    });
    const officer = staff.lead_officer;
    await officer.goto('/desk');
    await seen(officer, 'story-queue-officer');
    await perform(officer, story.number, 'notify', async (page) => {
      await page.getByLabel('请商家带来的材料').fill('进货凭证、这台电饭煲的检验合格证明');
    });
    await perform(officer, story.number, 'record_answer', async (page) => {
      await page.getByLabel('商家的答复').fill('愿意来调解；认为内胆是用钢丝球刷坏的，没有证据。');
    });
  });

  chapter('the consumer follows with number and code, adds evidence, urges and is answered', async () => {
    const page = await newPerson(browser, app, { viewport: PHONE, touch: true });
    story.follower = page;
    await track(page, story.number, story.code);
    await seen(page, 'story-track', PHONE);
    await page.locator('a[href="/track/evidence"]').tap();
    await page.locator('#f-evidence').setInputFiles({ name: '内胆.png', mimeType: 'image/png', buffer: photo });
    await page.locator('.file-list img').first().waitFor();
    await page.getByLabel('这些材料说明什么').fill('第三天的内胆');
    await seen(page, 'story-track-evidence', PHONE);
    await page.getByRole('button', { name: '提交材料' }).tap();
    await page.waitForURL('**/track/case**');
    await page.locator('a[href="/track/urge"]').tap();
    await page.getByLabel('想问什么').fill('约好的调解时间能提前吗？');
    await seen(page, 'story-track-urge', PHONE);
    await page.getByRole('button', { name: '催办' }).tap();
    await page.waitForURL('**/track/case**');
    await perform(staff.lead_officer, story.number, 'answer_urge', async (desk) => {
      await desk.getByLabel('答复投诉人').fill('商家已经答复，可以提前，请今天下午到所里来。');
    });
    await page.goto('/track/case');
    await page.getByText('可以提前，请今天下午到所里来').first().waitFor();
  });

  chapter('they meet, agree on two items, and the leader approves', async () => {
    const officer = staff.lead_officer;
    await perform(officer, story.number, 'record_meeting', async (page) => {
      await page.getByLabel('调解经过').fill('双方到场。商家看了照片，同意退货退款，当场道歉，退款在一周内打到原付款账户。');
    });
    await perform(officer, story.number, 'settle', async (page) => {
      await page.getByLabel('第 1 项：做什么').fill('退还货款');
      await page.locator('#f-item_1_amount').fill('469');
      await page.locator('#f-item_1_due').fill(dayAfter(7));
      await page.getByRole('button', { name: '再加一项' }).click();
      await page.locator('#f-item_2_text').waitFor();
      assert.equal(await page.locator('#f-item_1_amount').inputValue(), '469');
      await page.locator('#f-item_2_text').fill('当场书面道歉');
      await seen(page, 'story-act-settle-filled');
    });
    await staff.office_leader.goto('/desk/leader');
    await seen(staff.office_leader, 'story-leader');
    await perform(staff.office_leader, story.number, 'approve');
  });

  chapter('the officer tells the result and records the performance, the consumer rates', async () => {
    const officer = staff.lead_officer;
    await perform(officer, story.number, 'tell');
    await perform(officer, story.number, 'record_performance', async (page) => {
      await page.getByLabel('怎么知道的').fill('投诉人电话确认已收到退款');
    });
    await seen(officer, 'story-case-told');
    const page = story.follower;
    await page.goto('/track/case');
    await page.getByText('达成的协议').waitFor();
    await page.locator('a[href="/track/rate"]').tap();
    await choose(page, 'solved', 'yes');
    await choose(page, 'mark', '5');
    await page.getByLabel('想说的话').fill('办得很快，谢谢。');
    await seen(page, 'story-track-rate', PHONE);
    await page.getByRole('button', { name: '提交评价' }).tap();
    await page.waitForURL('**/track/case**');
    await page.getByText('您的评价：问题解决了，5 分').waitFor();
    await seen(page, 'story-track-rated', PHONE);
  });

  chapter('the file is closed, its papers open, and its copy can be checked without the program', async () => {
    const officer = staff.lead_officer;
    await perform(officer, story.number, 'archive');
    await seen(officer, 'story-case-archived');
    await officer.goto(`/desk/cases/${story.number}/volume`);
    await seen(officer, 'story-volume');
    const titles = await officer.locator('table.list a').allTextContents();
    for (const title of ['投诉登记表', '受理', '调解通知', '调解书', '调解记录', '.png']) {
      assert.ok(titles.some((own) => own.includes(title)), `${title} is in the contents: ${titles.join('、')}`);
    }
    const [download] = await Promise.all([
      officer.waitForEvent('download'),
      officer.getByRole('link', { name: '移交包' }).click(),
    ]);
    const { names, events } = await checkVolume(await download.path());
    assert.ok(names.filter((name) => name.endsWith('.png')).length >= 2, names.join('、'));
    assert.ok(names.some((name) => name.endsWith('正卷.pdf')), names.join('、'));
    story.events = events.length;
    const papers = await officer.locator('table.list a').evaluateAll((links) =>
      links.filter((link) => !/\.png$/.test(link.textContent)).map((link) => link.getAttribute('href')));
    for (const [index, href] of papers.entries()) {
      await officer.goto(href);
      await seen(officer, `story-paper-${index + 1}`);
    }
    const page = story.follower;
    await page.goto('/track/case');
    const hers = await page.locator('.do-list a[href^="/track/letters/"] > span').allTextContents();
    assert.equal(hers.filter((letter) => letter.startsWith('投诉调解通知书')).length, 1, `only her own notice: ${hers.join('、')}`);
    for (const href of await page.locator('a[href^="/track/letters/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')))) {
      await page.goto(href);
      await seen(page, `story-letter-${href.split('/').at(-1)}`, PHONE);
    }
  });

  chapter('a call is taken with the keyboard alone; of two officers who act at once one is told so and keeps her text', async () => {
    const { agent, dispatcher, office_leader: leader, lead_officer: one, second_officer: other } = staff;
    const number = await registerByKeyboard(agent);
    await perform(dispatcher, number, 'accept');
    await perform(dispatcher, number, 'dispatch');
    await perform(leader, number, 'assign');
    await openAct(one, number, 'notify');
    await openAct(other, number, 'notify');
    await other.getByLabel('请商家带来的材料').fill('洗衣记录和价目表');
    await send(one);
    await one.waitForURL(`**/desk/cases/${number}?done=notify`);
    await send(other);
    await other.getByText('这一步没有办').waitFor();
    assert.equal(await other.getByLabel('请商家带来的材料').inputValue(), '洗衣记录和价目表');
    await seen(other, 'story-conflict');
    story.second = number;
  });

  chapter('a complaint that must not be taken is refused with its ground', async () => {
    const answer = await fetch(`${app.url}/api/v1/complaints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await app.token()}`, 'content-type': 'application/json', 'idempotency-key': 'story' },
      body: JSON.stringify({ ...complaint('story'), region: `${REGION}007`, facts: '批发了五十台电饭煲转卖，其中三台有问题，要求退货。' }),
    });
    story.third = (await answer.json()).number;
    await perform(staff.dispatcher, story.third, 'register', async (page) => {
      await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '家用电器'));
      await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '质量'));
    });
    await openAct(staff.dispatcher, story.third, 'refuse');
    await send(staff.dispatcher);
    await staff.dispatcher.locator('.error-summary').waitFor();
    assert.equal(await staff.dispatcher.locator('.error-summary li').count(), 2, 'every fault at once');
    await seen(staff.dispatcher, 'story-refuse-errors');
    await choose(staff.dispatcher, 'ground', '3');
    await staff.dispatcher.locator('#f-reason').fill('批发后转卖，不是为生活消费需要购买，不能证明与商家之间存在消费者权益争议。');
    await send(staff.dispatcher);
    await staff.dispatcher.waitForURL(`**/desk/cases/${story.third}?done=refuse`);
    await seen(staff.dispatcher, 'story-case-refused');
  });

  chapter('the other pages of the desk show the three cases', async () => {
    await staff.bureau_leader.goto('/desk/leader');
    await seen(staff.bureau_leader, 'story-leader-bureau');
    await staff.bureau_leader.goto('/desk/counts');
    await seen(staff.bureau_leader, 'story-counts');
    await staff.dispatcher.goto('/desk/cases');
    await seen(staff.dispatcher, 'story-cases');
    await staff.dispatcher.goto(`/desk/search?q=${story.number}`);
    await seen(staff.dispatcher, 'story-search');
  });

  chapter('the database holds one event for each act, and no clock of a closed case runs', async () => {
    await app.kill();
    const count = (number, rest) => app.count(rest.replaceAll('CASE', `(SELECT id FROM cases WHERE number = '${number}')`));
    const ACTS = {
      register: 1, accept: 1, dispatch: 1, assign: 1, notify: 1, record_answer: 1, urge: 1, answer_urge: 1,
      record_meeting: 1, settle: 1, approve: 1, tell: 1, record_performance: 1, rate: 1, archive: 1, add_evidence: 1,
    };
    for (const [act, times] of Object.entries(ACTS)) {
      const found = await count(story.number, `SELECT COUNT(*) FROM case_event WHERE case_id = CASE AND act = '${act}'`);
      assert.equal(found, times, `events of ${act}`);
    }
    assert.equal(await count(story.number, 'SELECT COUNT(*) FROM case_event WHERE case_id = CASE'), story.events);
    assert.equal(await count(story.number, 'SELECT version FROM cases WHERE id = CASE'), story.events);
    assert.equal(await count(story.number, 'SELECT COUNT(*) FROM deadline WHERE case_id = CASE AND stopped_at IS NULL'), 0);
    assert.ok((await count(story.number, 'SELECT COUNT(*) FROM deadline WHERE case_id = CASE')) >= 4);
    assert.equal(await count(story.third, 'SELECT COUNT(*) FROM deadline WHERE case_id = CASE AND stopped_at IS NULL'), 0);
    assert.equal(await count(story.second, "SELECT COUNT(*) FROM case_event WHERE case_id = CASE AND act = 'notify'"), 1);
    assert.equal(await app.count('SELECT COUNT(*) FROM cases'), 3);
    assert.equal(await app.count("SELECT COUNT(*) FROM deadline WHERE article = ''"), 0);
    await app.restart();
  });
});

/** Every step of the public form, with a credit code and an amount that are wrong at first. */
async function fileByTelephone(page, photo) {
  await page.goto('/');
  await seen(page, 'story-home', PHONE);
  await page.locator('a[href="/complaints/new"]').first().tap();
  await page.waitForURL('**/complaints/new');
  await seen(page, 'story-file-0-start', PHONE);
  await page.getByRole('button', { name: '开始填写' }).tap();
  await page.waitForURL(/complaints\/new\/(place|respondent)/);
  if (page.url().includes('/place')) await choosePlace(page);

  await page.getByLabel('商家名称').fill('好日子家电商行');
  await page.getByLabel('乡镇、街道').selectOption('410103007');
  await page.getByLabel('商家地址').fill('大学路 18 号');
  await page.locator('details.more summary').tap();
  await page.getByLabel('统一社会信用代码').fill('91410103MA44ABCDEF');
  await next(page);
  await page.locator('.error-summary').waitFor();
  await seen(page, 'story-file-1-respondent-error', PHONE);
  assert.equal(await page.getByLabel('统一社会信用代码').inputValue(), '91410103MA44ABCDEF');
  assert.equal(await page.getByLabel('商家地址').inputValue(), '大学路 18 号');
  await page.getByLabel('统一社会信用代码').fill('');
  await seen(page, 'story-file-1-respondent', PHONE);
  await next(page);

  await page.waitForURL('**/matter');
  await page.getByLabel('买了什么，或接受了什么服务').fill('电饭煲');
  await page.locator('#f-bought_on').fill('2026-10-08');
  await page.getByLabel('涉及金额').fill('四百多');
  await page.getByLabel('经过').fill(FACTS);
  await page.locator('#f-evidence').setInputFiles({ name: '小票.png', mimeType: 'image/png', buffer: photo });
  await page.locator('.file-list img').first().waitFor();
  await next(page);
  await page.locator('.error-summary').waitFor();
  await seen(page, 'story-file-2-matter-error', PHONE);
  assert.equal(await page.getByLabel('涉及金额').inputValue(), '四百多');
  assert.equal(await page.getByLabel('经过').inputValue(), FACTS);
  assert.equal(await page.locator('.file-list img').count(), 1);
  await page.getByLabel('涉及金额').fill('469');
  await seen(page, 'story-file-2-matter', PHONE);
  await next(page);

  await page.waitForURL('**/demand');
  await choose(page, 'demands', 'refund');
  await page.getByLabel('一共要多少钱').fill('469');
  await seen(page, 'story-file-3-demand', PHONE);
  await next(page);

  await page.waitForURL('**/you');
  await page.getByLabel('姓名').fill('王秀兰');
  await page.getByLabel('电话', { exact: true }).fill('13800138000');
  await page.getByLabel('通讯地址').fill('郑州市二七区大学路 40 号院 3 号楼 502');
  await choose(page, 'notify_by', 'sms');
  await choose(page, 'consent_publish', 'no');
  await choose(page, 'consent_delegate', 'yes');
  await choose(page, 'truthful', 'yes');
  await seen(page, 'story-file-4-you', PHONE);
  await next(page);

  await page.waitForURL('**/check');
  await seen(page, 'story-file-5-check', PHONE);
  await page.getByRole('button', { name: '提交投诉' }).tap();
  await page.waitForURL('**/receipt');
  await seen(page, 'story-file-6-receipt', PHONE);
  assert.match(await page.locator('.next-steps li').first().textContent(), /\d+月\d+日.*前告诉您是否受理/);
  return {
    number: (await page.locator('[data-case-number]').textContent()).trim(),
    code: (await page.locator('[data-query-code]').textContent()).replaceAll(/\D/g, ''),
  };
}

/** Province, city and county, as far as the installation leaves a choice. */
async function choosePlace(page) {
  await seen(page, 'story-file-1-place', PHONE);
  for (const level of ['level1', 'level2', 'level3']) {
    const select = page.locator(`#f-${level}`);
    if ((await select.count()) === 0) break;
    await select.selectOption({ index: 1 });
  }
  await next(page);
  await page.waitForURL('**/respondent');
}

/** The button at the end of the form. */
async function next(page) {
  await page.locator('form .actions button[type=submit]').last().tap();
}

/** A call taken down without the mouse; gives the case number that is read out. */
async function registerByKeyboard(page) {
  await page.goto('/desk/register');
  await seen(page, 'story-register');
  const type = async (name, text) => {
    await tabTo(page, name);
    await page.keyboard.insertText(text);
  };
  await type('complainant_phone', '13900139000');
  await type('complainant_name', '赵国强');
  await type('complainant_address', '郑州市二七区嵩山路 7 号');
  await type('respondent_name', '洁美洗衣店');
  await tabTo(page, 'region');
  while (!(await page.locator('#f-region option:checked').textContent()).startsWith('大学路')) await page.keyboard.press('ArrowDown');
  await type('respondent_address', '大学路 66 号');
  await type('goods', '羽绒服清洗');
  await type('facts', '送洗的羽绒服洗后缩水不能穿，店里只肯退洗衣费二十元。');
  await tabTo(page, 'demands');
  await page.keyboard.press('Space');
  for (const name of ['category', 'problem']) {
    await tabTo(page, name);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
  }
  for (const name of ['consent_publish', 'consent_delegate']) {
    await tabTo(page, name);
    await page.keyboard.press('Space');
  }
  await seen(page, 'story-register-filled');
  await tabTo(page, '登记');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/desk/register/done/**');
  await seen(page, 'story-registered');
  return new URL(page.url()).pathname.split('/').at(-1);
}

/** A day in Beijing, so many days from today. */
function dayAfter(days) {
  return new Date(Date.now() + (days * 24 + 8) * 3_600_000).toISOString().slice(0, 10);
}
