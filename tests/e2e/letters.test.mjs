// What is asked again and again, as people ask and answer it: a short form that survives, a phrase put in by click and by key,
// the sheet on paper; the letters of a dispute; how she bought.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { complaint } from './support/complaint.mjs';
import { CITY, finish, hireStaff, openAct, optionOf, perform, seen, signIn, track } from './support/people.mjs';

describe(`phrases, sheets and letters (${engine})`, () => {
  let app;
  let browser;
  before(async () => {
    app = await startApp({ region: '410100' });
    browser = await openBrowser();
    await hireStaff(app, CITY);
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  const QUESTION = '健身房关门了，会员卡里的余额怎么退？';

  /** The short form, filled in on a telephone as far as the telephone number. */
  async function begin(page) {
    await page.goto('/consultations/new');
    await page.locator('#f-region').selectOption(await optionOf(page, 'region', '二七区'));
    await page.getByLabel('您要问什么').fill(QUESTION);
  }

  /** Her number and query code from the receipt. */
  async function receipt(page) {
    await page.waitForURL('**/asked/receipt');
    const number = (await page.locator('[data-case-number]').textContent()).trim();
    const code = (await page.locator('[data-query-code]').textContent()).replaceAll(' ', '');
    return { number, code };
  }

  test('what is typed on a short form survives a reload and a closed tab, and is gone once it is sent', async () => {
    const page = await newPerson(browser, app, { viewport: PHONE, touch: true });
    await begin(page);
    const saved = page.waitForResponse((answer) => answer.url().endsWith('/consultations/new/save'));
    await page.getByLabel('您的电话').fill('13800138009');
    assert.equal((await saved).status(), 204);
    await page.locator('[data-saved]', { hasText: '已自动保存' }).waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('您要问什么').inputValue(), QUESTION);
    await page.getByText('没有提交的内容').waitFor();
    await seen(page, 'letters-draft', PHONE);
    const tab = await page.context().newPage();
    await tab.goto('/consultations/new');
    assert.equal(await tab.getByLabel('您的电话').inputValue(), '13800138009', 'in another tab of the same telephone');
    await tab.close();
    await page.getByRole('button', { name: '提交咨询' }).last().tap();
    await receipt(page);
    await page.goto('/consultations/new');
    assert.equal(await page.getByLabel('您要问什么').inputValue(), '');
    await page.context().close();
  });

  test('without a script a short form is kept when it is refused, and can be thrown away', async () => {
    const page = await newPerson(browser, app, { viewport: PHONE, javaScript: false });
    await begin(page);
    await page.getByLabel('您的电话').fill('忘了');
    await page.getByRole('button', { name: '提交咨询' }).last().click();
    await page.locator('.error-summary').waitFor();
    await page.goto('/consultations/new');
    assert.equal(await page.getByLabel('您要问什么').inputValue(), QUESTION);
    await page.getByRole('button', { name: '不要了，重新写' }).click();
    await page.waitForURL('**/consultations/new');
    assert.equal(await page.getByLabel('您要问什么').inputValue(), '');
    await page.context().close();
  });

  test('an administrator writes a phrase, an agent puts it in by key and click, the sheet is printed, she reads the answer', async () => {
    const admin = await signIn(browser, app, 'admin');
    await admin.goto('/admin/phrases');
    await admin.getByText('本局还没有自己的常用答复').waitFor();
    await seen(admin, 'letters-phrases-empty');
    await admin.getByRole('link', { name: '新增常用答复' }).first().click();
    await admin.waitForURL('**/admin/phrases/new');
    await admin.getByLabel('标题').fill('会员卡退费找谁');
    await admin.getByLabel('内容').fill('请带上办卡合同到二七区市场监督管理局登记。');
    await admin.getByLabel('问题里常出现的字眼').fill('会员卡、余额');
    await seen(admin, 'letters-phrase-new');
    await admin.getByRole('button', { name: '保存' }).click();
    await admin.waitForURL('**/admin/phrases?done=added');
    await seen(admin, 'letters-phrases');
    await admin.context().close();

    const hers = await newPerson(browser, app, { viewport: PHONE, touch: true });
    await begin(hers);
    await hers.getByLabel('您的电话').fill('13800138010');
    await hers.getByRole('button', { name: '提交咨询' }).last().tap();
    const { number, code } = await receipt(hers);

    const agent = await signIn(browser, app, 'agent');
    await openAct(agent, number, 'answer');
    await seen(agent, 'letters-answer');
    const answer = agent.locator('#f-answer');
    await answer.fill('您好！');
    await agent.keyboard.press('Alt+k');
    assert.equal(await agent.evaluate(() => document.activeElement.id), 'phrase-find');
    await agent.keyboard.type('会员卡退费');
    await agent.keyboard.press('Enter');
    assert.equal(await answer.inputValue(), '您好！\n请带上办卡合同到二七区市场监督管理局登记。');
    await agent.locator('#phrase-find').fill('');
    await agent.getByRole('button', { name: '预付卡、充值：履行约定或者退还余款' }).click();
    assert.match(await answer.inputValue(), /登记。\n商家以预收款方式/);
    await seen(agent, 'letters-answer-filled');
    await finish(agent, number, 'answer');
    const sheet = agent.getByRole('link', { name: /登记单/ }).first();
    await agent.goto(await sheet.getAttribute('href'));
    await agent.getByText(QUESTION).waitFor();
    await seen(agent, 'letters-sheet');
    const pdf = await agent.pdf({ format: 'A4' });
    assert.ok(pdf.length > 1_000, 'it prints');
    await agent.context().close();

    await track(hers, number, code);
    await hers.getByText('请带上办卡合同').first().waitFor();
    await hers.context().close();
  });

  test('both counties hold the letters of their dispute, and each paper prints', async () => {
    const token = await app.token();
    const filed = await fetch(`${app.url}/api/v1/complaints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'letters' },
      body: JSON.stringify({ ...complaint('letters'), region: '410103007', sales_channel: 'own_site' }),
    });
    const { number } = await filed.json();
    const desk = await signIn(browser, app, 'dispatcher');
    await perform(desk, number, 'register', async (page) => {
      await page.getByLabel('一句话事由').fill('电饭煲内胆起皮，店里不给换');
      await page.getByLabel('商品或者服务类别').selectOption(await optionOf(page, 'category', '家用电器'));
      await page.getByLabel('问题类别').selectOption(await optionOf(page, 'problem', '质量'));
    });
    await perform(desk, number, 'raise_dispute', async (page) => {
      await page.getByText('按自建网站、其他网络服务判断').first().waitFor();
      await page.locator('#f-with').selectOption(await optionOf(page, 'with', '中原区'));
      await page.locator('#f-reason').fill('商家登记的住所在中原区');
    });
    const neighbour = await signIn(browser, app, 'neighbour');
    await neighbour.goto(`/desk/cases/${number}`);
    const letter = neighbour.getByRole('link', { name: /关于投诉处理权限争议的函/ }).first();
    await neighbour.goto(await letter.getAttribute('href'));
    for (const words of ['商家登记的住所在中原区', '第三十三条']) await neighbour.getByText(words).first().waitFor();
    await seen(neighbour, 'letters-dispute-letter');
    await perform(neighbour, number, 'agree_dispute', async (page) => {
      await page.locator('input[name=takes][value=yes]').check({ force: true });
      await page.locator('#f-opinion').fill('经查住所在我局辖区');
    });
    await desk.goto(`/desk/cases/${number}`);
    const reply = desk.getByRole('link', { name: /关于投诉处理权限争议的复函/ }).first();
    await desk.goto(await reply.getAttribute('href'));
    await desk.getByText('由我局处理').first().waitFor();
    await seen(desk, 'letters-dispute-reply');
    await desk.context().close();
    await neighbour.context().close();
  });
});
