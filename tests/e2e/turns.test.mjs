// The lawful turns off the ordinary course, as people take them: refusal, return, dispute over jurisdiction, recusal, appraisal,
// a mediation that fails, a joint complaint; and the matters that are no complaint about a shop.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { complaint } from './support/complaint.mjs';
import {
  choose, CITY, finish, hireStaff, nameOf, openAct, optionOf, perform, seen, send, signIn, track,
} from './support/people.mjs';

const OFFICE = '大学路';

describe(`the turns off the ordinary course (${engine})`, () => {
  let app;
  let browser;
  let token;
  const staff = {};

  before(async () => {
    app = await startApp({ region: '410100' });
    browser = await openBrowser();
    await hireStaff(app, CITY);
    token = await app.token();
    for (const login of Object.keys(CITY)) staff[login] = await signIn(browser, app, login);
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  /** A complaint of somebody new that came in by a program and was registered; gives number and query code. */
  let people = 0;
  async function registered(mark, rest = {}) {
    people += 1;
    const person = { complainant_name: ['王秀兰', '赵国强', '陈晓梅', '孙建军', '刘玉珍', '周丽华'][people - 1], complainant_phone: `1380013800${people}` };
    const answer = await fetch(`${app.url}/api/v1/complaints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': mark },
      body: JSON.stringify({ ...complaint(mark), region: '410103007', ...person, ...rest }),
    });
    const { number, query_code: code } = await answer.json();
    await act(staff.dispatcher, number, 'register', async (page) => {
      await page.getByLabel('一句话事由').fill('电饭煲内胆起皮，店里不给换');
      await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '家用电器'));
      await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '质量'));
    });
    return { number, code };
  }

  /** The same, accepted, sent to the office, given to two officers, both sides told of the meeting. */
  async function mediated(mark) {
    const { number, code } = await registered(mark);
    await act(staff.dispatcher, number, 'accept');
    await sendTo(number, OFFICE);
    await act(staff.office_leader, number, 'assign', async (page) => {
      await page.getByLabel('承办人', { exact: true }).selectOption(await optionOf(page, 'lead', nameOf('lead_officer')));
      await page.getByLabel('协办人').selectOption(await optionOf(page, 'partner', nameOf('second_officer')));
    });
    await act(staff.lead_officer, number, 'notify');
    return { number, code };
  }

  async function sendTo(number, office) {
    await act(staff.dispatcher, number, 'dispatch', async (page) => {
      await page.locator('#f-unit').selectOption(await optionOf(page, 'unit', office));
    });
  }

  /** The consumer at home, with number and code. */
  async function consumer({ number, code }) {
    const page = await newPerson(browser, app, { viewport: PHONE, touch: true });
    await track(page, number, code);
    return page;
  }

  test('a complaint after the time bar: ground, evidence and draft are proposed, a person decides, the consumer reads why', async () => {
    const page = staff.dispatcher;
    const filed = await registered('refusal', { bought_on: '2021-03-02' });
    await openAct(page, filed.number, 'refuse');
    await seen(page, 'turns-refuse');
    const barred = page.locator('.grounds > li', { hasText: '超过三年' });
    assert.match(await barred.textContent(), /2021.?0?3.?0?2|2021年3月2日/);
    assert.equal(await page.locator('input[name=ground]:checked').count(), 0, 'proposed, not decided');
    const phrase = page.locator('details.more', { hasText: '第十六条' }).first();
    await phrase.locator('summary').click();
    await Promise.all([page.waitForEvent('load'), phrase.locator('a').first().click()]);
    assert.ok((await page.locator('#f-reason').inputValue()).length > 20, 'the phrase is filled in');
    await Promise.all([page.waitForEvent('load'), barred.getByRole('link', { name: '按这一项填写' }).click()]);
    assert.match(await page.locator('#f-reason').inputValue(), /2021年3月2日.*三年/s);
    assert.equal(await page.locator('input[name=ground]:checked').count(), 1);
    await seen(page, 'turns-refuse-filled');
    await finish(page, filed.number, 'refuse');
    const hers = await consumer(filed);
    await hers.getByText('不予受理').first().waitFor();
    await seen(hers, 'turns-track-refused', PHONE);
    await hers.locator('.do-list a[href^="/track/letters/"]', { hasText: '不予受理' }).tap();
    await hers.waitForURL('**/track/letters/*');
    for (const words of ['超过三年', '第三十九条']) await hers.getByText(words).first().waitFor();
    await seen(hers, 'turns-letter-refused', PHONE);
    await hers.context().close();
  });

  test('an office returns with a coded reason; the second return raises the supervision by itself', async () => {
    const { number } = await registered('return');
    await act(staff.dispatcher, number, 'accept');
    await sendTo(number, OFFICE);
    const leader = staff.office_leader;
    await openAct(leader, number, 'return');
    await leader.locator('#f-reason').fill('商家的店在建中街，不在本所辖区');
    await send(leader);
    await leader.locator('.error-summary').waitFor();
    assert.equal(await leader.locator('#f-reason').inputValue(), '商家的店在建中街，不在本所辖区');
    await seen(leader, 'turns-return-error');
    await choose(leader, 'code', 'not_in_area');
    await finish(leader, number, 'return');
    const desk = staff.dispatcher;
    await desk.goto(`/desk/cases/${number}`);
    assert.equal(await desk.locator('.your-turn').count(), 0, 'one return is no supervision');
    await sendTo(number, '建中街');
    await perform(staff.other_office_leader, number, 'return', async (page) => {
      await choose(page, 'code', 'not_our_remit');
      await page.locator('#f-reason').fill('这家店登记的经营地在大学路');
    });
    await desk.goto('/desk?view=all&supervised=yes');
    await desk.locator(`a.row-link[href="/desk/cases/${number}"]`).waitFor();
    await seen(desk, 'turns-queue-supervised');
    await desk.goto(`/desk/cases/${number}`);
    await desk.locator('.course p', { hasText: '由系统自动列入' }).waitFor();
    await seen(desk, 'turns-case-supervised');
    await desk.locator('.your-turn').getByRole('link', { name: '向上级反馈进展' }).click();
    await desk.waitForURL(`**/desk/cases/${number}/answer_supervision`);
    await desk.locator('#f-news').fill('已经查明经营地在大学路，今天分送大学路所承办');
    await finish(desk, number, 'answer_supervision');
    await sendTo(number, OFFICE);
  });

  test('two counties dispute over jurisdiction, and the city above both designates', async () => {
    const filed = await registered('dispute');
    const { number } = filed;
    const { neighbour, city_leader: city } = staff;
    assert.equal((await neighbour.goto(`/desk/cases/${number}`)).status(), 404, 'not hers to know before');
    await perform(staff.dispatcher, number, 'raise_dispute', async (page) => {
      await page.locator('#f-with').selectOption(await optionOf(page, 'with', '中原区'));
      await page.locator('#f-reason').fill('商家在平台公示的地址在中原区');
    });
    await seen(staff.dispatcher, 'turns-case-disputed');
    await neighbour.goto('/desk');
    await neighbour.getByText('答复权限争议').first().waitFor();
    await seen(neighbour, 'turns-queue-neighbour');
    await perform(neighbour, number, 'agree_dispute', async (page) => {
      await choose(page, 'takes', 'no');
      await page.locator('#f-opinion').fill('公示的地址是仓库，实际经营地在二七区');
    });
    await city.goto('/desk');
    await city.getByText('指定处理机关').first().waitFor();
    await seen(city, 'turns-queue-city');
    await perform(city, number, 'designate_dispute', async (page) => {
      await page.getByLabel('郑州市中原区市场监督管理局').check({ force: true });
      await page.locator('#f-reason').fill('平台公示的地址在中原区，合同也从那里履行');
    });
    await neighbour.goto(`/desk/cases/${number}`);
    await seen(neighbour, 'turns-case-designated');
    await act(neighbour, number, 'accept');
    const hers = await consumer(filed);
    await hers.getByText('中原区').first().waitFor();
    await seen(hers, 'turns-track-designated', PHONE);
    await hers.context().close();
  });

  // One mediation that meets everything: recusal, appraisal, failure, and the consumer who is not content.
  const fraught = {};
  let fell;
  function chapter(title, tell) {
    test(title, async () => {
      if (fell) assert.fail(`not told, because an earlier chapter failed: ${fell}`);
      fell = title;
      await tell();
      fell = undefined;
    });
  }

  chapter('the consumer asks for the officer to be replaced, the leader grants it', async () => {
    Object.assign(fraught, await mediated('fraught'));
    const { number } = fraught;
    const hers = await consumer(fraught);
    fraught.hers = hers;
    await hers.locator('a[href="/track/recusal"]').tap();
    await hers.waitForURL('**/track/recusal');
    await hers.getByRole('button', { name: '提交申请' }).tap();
    await hers.locator('.error-summary').waitFor();
    await seen(hers, 'turns-recusal-error', PHONE);
    await hers.getByLabel(nameOf('lead_officer')).check({ force: true });
    await hers.getByLabel('为什么').fill('她是店主的表妹，街坊都知道');
    await hers.getByRole('button', { name: '提交申请' }).tap();
    await hers.waitForURL('**/track/case?done=recusal');
    await seen(hers, 'turns-track-recusal', PHONE);
    const officer = staff.lead_officer;
    await officer.goto(`/desk/cases/${number}`);
    await officer.getByText('暂停中').first().waitFor();
    assert.equal(await officer.locator(`.acts a[href="/desk/cases/${number}/settle"]`).count(), 0, 'the mediation waits');
    await seen(officer, 'turns-case-recusal');
    const leader = staff.office_leader;
    await leader.goto('/desk');
    await leader.getByText('决定是否回避').first().waitFor();
    await perform(leader, number, 'decide_recusal', async (page) => {
      await page.getByText('她是店主的表妹').first().waitFor();
      await choose(page, 'granted', 'yes');
      await page.locator('#f-replacement').selectOption(await optionOf(page, 'replacement', nameOf('third_officer')));
      await page.locator('#f-opinion').fill('有亲属关系，应当回避');
    });
    assert.equal((await officer.goto(`/desk/cases/${number}/settle`)).status() === 200, false, 'she mediates no more');
    await hers.goto('/track/case');
    await hers.getByText('回避决定书').first().waitFor();
    await hers.locator('.do-list a[href^="/track/letters/"]', { hasText: '回避决定书' }).tap();
    await hers.waitForURL('**/track/letters/*');
    await seen(hers, 'turns-letter-recusal', PHONE);
  });

  chapter('while the thing is examined the clock stands, with the result it goes on', async () => {
    const { number } = fraught;
    const officer = staff.third_officer;
    await perform(officer, number, 'appraise', async (page) => {
      await page.locator('#f-object').fill('电饭煲内胆一只，起皮是质量问题还是使用不当');
      await page.locator('#f-body').fill('河南省产品质量检验技术研究院');
      await choose(page, 'payer', 'respondent');
    });
    await officer.getByText('正在鉴定、检测').first().waitFor();
    await officer.locator('.case-head .limits', { hasText: '暂停中' }).waitFor();
    await seen(officer, 'turns-case-appraisal');
    await perform(officer, number, 'record_appraisal', async (page) => {
      await page.locator('#f-result').fill('涂层附着力不合格，属于质量问题。');
    });
    assert.equal(await officer.locator('.case-head .limits', { hasText: '暂停中' }).count(), 0, 'the clock runs again');
    await seen(officer, 'turns-case-appraised');
    await fraught.hers.goto('/track/case');
    await fraught.hers.getByText('涂层附着力不合格').first().waitFor();
    await seen(fraught.hers, 'turns-track-appraised', PHONE);
  });

  chapter('the shop refuses, the mediation is terminated and told, the consumer reopens it and the officer has it again', async () => {
    const { number, hers } = fraught;
    const officer = staff.third_officer;
    await act(officer, number, 'record_answer', async (page) => {
      await page.getByLabel('商家的答复').fill('不接受检验结论，不同意调解。');
      await choose(page, 'agrees', 'no');
    });
    await perform(officer, number, 'terminate', async (page) => {
      assert.equal(await page.locator('input[name=ground]:checked').count(), 1, 'the ground that fits is proposed');
      assert.notEqual(await page.locator('#f-reason').inputValue(), '');
    });
    await act(staff.office_leader, number, 'approve');
    await act(officer, number, 'tell');
    await hers.goto('/track/case');
    await hers.locator('.do-list a[href^="/track/letters/"]', { hasText: '终止调解' }).waitFor();
    await seen(hers, 'turns-track-terminated', PHONE);
    await hers.locator('a[href="/track/reopen"]').tap();
    await hers.waitForURL('**/track/reopen');
    await hers.getByLabel('哪里没有解决').fill('检验说是质量问题，店里还是一分不退');
    await seen(hers, 'turns-track-reopen', PHONE);
    await hers.getByRole('button', { name: '要求重新办理' }).tap();
    await hers.waitForURL('**/track/case?done=reopen');
    await seen(hers, 'turns-track-reopened', PHONE);
    await officer.goto('/desk');
    await officer.locator('tr, li', { has: officer.locator(`a[href="/desk/cases/${number}"]`), hasText: '重办' }).first().waitFor();
    await seen(officer, 'turns-queue-reopened');
    await officer.goto(`/desk/cases/${number}`);
    await officer.getByText('店里还是一分不退').first().waitFor();
    await seen(officer, 'turns-case-reopened');
    await hers.context().close();
  });

  test('for a joint complaint nothing is settled before those represented have agreed', async () => {
    const { number } = await mediated('joint');
    const officer = staff.lead_officer;
    await perform(officer, number, 'add_party', async (page) => {
      await choose(page, 'role', 'joint_complainant');
      await page.locator('#f-name').fill('李桂芳');
      await page.locator('#f-phone').fill('13700137000');
      await choose(page, 'agreed', 'yes');
    });
    await officer.goto(`/desk/cases/${number}`);
    assert.equal(await officer.locator(`.acts a[href="/desk/cases/${number}/settle"]`).count(), 0);
    await officer.getByText(/现在不能办的 \d+ 项/).click();
    await officer.locator('.not-now details', { hasText: '达成调解协议' }).locator('summary').click();
    await officer.getByText('还有共同投诉人没有同意和解').first().waitFor();
    await seen(officer, 'turns-case-joint');
    await perform(officer, number, 'record_consent', async (page) => {
      await page.locator('label', { hasText: '李' }).first().click();
      await choose(page, 'to', 'settle');
      await page.locator('#f-note').fill('电话里表示同意退货退款，录音已存入案卷');
    });
    await act(officer, number, 'record_meeting', async (page) => {
      await page.getByLabel('调解经过').fill('双方到场，商家同意给两位都退货退款。');
    });
    await act(officer, number, 'settle', async (page) => {
      await page.getByLabel('第 1 项：做什么').fill('给两位投诉人各退还货款 399 元');
      await page.locator('#f-item_1_amount').fill('798');
    });
    await seen(officer, 'turns-case-joint-settled');
  });

  test('a question is asked on a telephone, answered by an agent, and read with the code', async () => {
    const hers = await newPerson(browser, app, { viewport: PHONE, touch: true });
    await hers.goto('/');
    await hers.locator('a[href="/consultations/new"]').tap();
    await hers.waitForURL('**/consultations/new');
    await hers.getByRole('button').last().tap();
    await hers.locator('.error-summary').waitFor();
    await seen(hers, 'turns-question-error', PHONE);
    const filed = await ask(hers, '网上买的衣服剪了吊牌，还能七天无理由退货吗？');
    await seen(hers, 'turns-question-receipt', PHONE);
    const agent = staff.agent;
    await agent.goto('/desk?kind=consultation');
    await agent.locator(`a.row-link[href="/desk/cases/${filed.number}"]`).waitFor();
    await seen(agent, 'turns-queue-questions');
    await agent.goto(`/desk/cases/${filed.number}`);
    await seen(agent, 'turns-case-question');
    await perform(agent, filed.number, 'answer', async (page) => {
      await page.locator('#f-answer').fill('剪掉吊牌影响二次销售的，商家可以不退；质量有问题的不受此限。');
    });
    await track(hers, filed.number, filed.code);
    await hers.getByText('剪掉吊牌影响二次销售').first().waitFor();
    await seen(hers, 'turns-question-answered', PHONE);
    await hers.context().close();
  });

  test('a notice comes back by post and is then signed for: the officer is reminded, the receipt is in the file', async () => {
    const filed = await mediated('served');
    const page = staff.lead_officer;
    const toShop = (of) => optionOf(of, 'paper', '（致被投诉人）');
    await act(page, filed.number, 'serve', async () => {
      await page.locator('#f-paper').selectOption(await toShop(page));
      await choose(page, 'way', 'post');
      // What this way does not need is not asked.
      assert.equal(await page.locator('#f-witness').isVisible(), false);
      assert.equal(await page.locator('#f-mark').isVisible(), true);
      await choose(page, 'outcome', 'failed');
      await page.locator('#f-mark').fill('XA12345678941');
      await page.locator('#f-course').fill('门店已搬走，邮件退回');
      await seen(page, 'turns-serve');
    });
    await page.getByText('没有送到').first().waitFor();
    await page.goto('/desk');
    await page.getByText('文书没有送到，换一种方式送达').first().waitFor();
    await page.goto(`/desk/cases/${filed.number}`);
    await page.getByText('打印送达回证，带去签收').click();
    const receipt = await page.locator('#served a[href*="/receipts/"]', { hasText: '被投诉人' }).first().getAttribute('href');
    await page.goto(receipt);
    await page.getByRole('heading', { name: '送达回证' }).waitFor();
    await act(page, filed.number, 'serve', async () => {
      await page.locator('#f-paper').selectOption(await toShop(page));
      await choose(page, 'way', 'in_person');
      await choose(page, 'outcome', 'served');
      await page.locator('#f-receiver').fill('王某，前台，负责收件');
      await page.locator('#f-place').fill('新址：大学路 20 号');
    });
    await page.locator('#served').getByText('已送达').waitFor();
    await page.locator('#served').getByRole('link', { name: '送达回证', exact: true }).click();
    await page.getByText('直接送达（第八十二条第一项）').first().waitFor();
    await page.goto('/desk');
    assert.equal(await page.getByText('文书没有送到，换一种方式送达').count(), 0);
  });

  test('what is said of staff is read by the discipline officer alone', async () => {
    const hers = await newPerson(browser, app, { viewport: PHONE, touch: true });
    await hers.goto('/staff-complaints/new');
    const secret = '上门检查的时候向我要烟酒';
    const filed = await ask(hers, secret, nameOf('lead_officer'));
    await seen(hers, 'turns-staff-receipt', PHONE);
    for (const [login, page] of Object.entries(staff).filter(([login]) => login !== 'discipline')) {
      for (const address of ['/desk?view=all', `/desk/cases?q=${filed.number}`, '/desk/cases?kind=staff_complaint']) {
        await page.goto(address);
        const main = await page.locator('main').textContent();
        assert.ok(!main.includes(secret), `${login} reads of it at ${address}`);
        assert.equal(await page.locator(`a[href*="/desk/cases/${filed.number}"]`).count(), 0, `${login} finds it at ${address}`);
      }
      assert.equal((await page.goto(`/desk/cases/${filed.number}`)).status(), 404, login);
    }
    const discipline = staff.discipline;
    await discipline.goto('/desk');
    await discipline.locator(`a.row-link[href="/desk/cases/${filed.number}"]`).waitFor();
    await seen(discipline, 'turns-queue-discipline');
    await act(discipline, filed.number, 'register', async (page) => page.getByLabel('一句话事由').fill('反映检查时索要烟酒'));
    await seen(discipline, 'turns-case-discipline');
    await perform(discipline, filed.number, 'answer', async (page) => {
      await page.locator('#f-answer').fill('经核查属实，已经按规定处理，谢谢您的监督。');
    });
    await track(hers, filed.number, filed.code);
    await hers.getByText('经核查属实').first().waitFor();
    await seen(hers, 'turns-staff-answered', PHONE);
    await hers.context().close();
  });
});

/** One act without a look at its page, where another story looks at it. */
async function act(page, number, action, fill = async () => {}) {
  await openAct(page, number, action);
  await fill(page);
  await finish(page, number, action);
}

/** Fills in and sends the short form that is open; gives number and query code. */
async function ask(page, facts, about) {
  if ((await page.locator('select[name=region]').count()) > 0) {
    await page.locator('#f-region').selectOption(await optionOf(page, 'region', '二七区'));
  }
  await page.locator('#f-facts').fill(facts);
  if (about) await page.locator('#f-respondent_name').fill(about);
  await page.locator('#f-complainant_phone').fill('13800138000');
  await choose(page, 'notify_by', 'in_app');
  await page.locator('form .actions button[type=submit]').last().tap();
  await page.waitForURL('**/asked/receipt');
  return {
    number: (await page.locator('[data-case-number]').textContent()).trim(),
    code: (await page.locator('[data-query-code]').textContent()).replaceAll(/\D/g, ''),
  };
}
