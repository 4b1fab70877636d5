// A consumer with her telephone: files with a photograph, keeps her receipt, follows the case, adds to it, urges.
// Once with a script and once in a browser that runs none.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startApp } from './support/app.mjs';
import { assertAccessible } from './support/axe.mjs';
import { assertNoProblems, newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { look } from './support/look.mjs';

/** A picture of one pixel. */
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);
const photo = (name) => ({ name, mimeType: 'image/png', buffer: Buffer.concat([PHOTO, Buffer.from(name)]) });
const program = { name: '照片.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('MZ this is a program') };

describe('a consumer on her telephone', () => {
  let app;
  let browser;
  before(async () => {
    app = await startApp({ region: '410100' });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  for (const javaScript of [true, false]) {
    const how = javaScript ? 'with' : 'without';

    test(`files, keeps the receipt, follows, adds and urges ${how} JavaScript`, async () => {
      const page = await newPerson(browser, app, { viewport: PHONE, javaScript });
      // Without a script axe cannot look, and nothing is measured.
      const seen = async (name) => {
        if (!javaScript) return;
        await look(page, `citizen-${name}`);
        await assertAccessible(page);
      };
      const next = () => page.click('.actions button');

      await page.goto('/');
      await seen('home');
      await page.click('text=我要投诉 >> nth=0');
      await seen('start');
      await page.click('button:has-text("开始填写")');

      await page.selectOption('[name=level1]', { label: '二七区' });
      await seen('place');
      await next();

      await page.fill('[name=respondent_name]', '惠友超市二七店');
      await next();
      await page.waitForSelector('.error-summary');
      assert.equal(await page.inputValue('[name=respondent_name]'), '惠友超市二七店', 'kept');
      await seen('respondent-refused');
      await page.fill('[name=respondent_address]', '大学路 18 号');
      await seen('respondent');
      await next();

      await page.fill('[name=goods]', '儿童安全座椅');
      await page.fill('[name=bought_on]', '2026-01-28');
      await page.fill('[name=amount]', '四百多');
      await page.fill('[name=facts]', '1月28日在店里买的，用了九天卡扣断了，孩子没事。店里只同意修。');
      await page.setInputFiles('[name=evidence]', [photo('小票.png'), program]);
      if (javaScript) {
        await page.waitForSelector('.file-list button:has-text("移除")');
        await page.waitForSelector('text=不是照片、PDF、录音或录像');
      }
      await next();
      await page.waitForSelector('text=请只写数字，例如 469 >> nth=0');
      assert.equal(await page.locator('.file-list button[name=remove]').count(), 1, 'the photograph is kept, the program is not');
      await seen('matter-refused');
      await page.fill('[name=amount]', '469');
      await next();

      await page.waitForSelector('h1:has-text("您的要求")');
      await page.click('label:has-text("更换")');
      await page.fill('[name=claim]', '60');
      await seen('demand');
      await next();

      await page.waitForSelector('h1:has-text("您是谁")');
      await page.fill('[name=complainant_name]', '周敏');
      await page.fill('[name=complainant_phone]', '13800132207');
      await page.fill('[name=complainant_address]', '郑州市二七区大学路 5 号院');
      await page.click('fieldset:has-text("公示投诉信息") label:has-text("否")');
      await page.click('fieldset:has-text("委托调解") label:has-text("是")');
      await page.click('label[for=f-truthful]');
      await seen('you');
      // Her son types it for her.
      await page.click('label[for=f-others]');
      await next();
      await page.waitForSelector('h1:has-text("还有谁")');
      await page.selectOption('[name="party.1.role"]', 'agent');
      await page.fill('[name="party.1.name"]', '周强');
      await page.fill('[name="party.1.phone"]', '13800132208');
      const go = () => page.getByRole('button', { name: '核对并提交' }).click();
      await go();
      await page.waitForSelector('text=请写委托事项 >> nth=0');
      await seen('others-refused');
      await page.selectOption('[name="party.1.id_kind"]', 'passport');
      await page.fill('[name="party.1.id_number"]', 'E12345678');
      await page.fill('[name="party.1.matters"]', '就儿童安全座椅的争议代为投诉');
      await page.fill('[name="party.1.powers"]', '代为投诉、参加调解');
      await page.fill('[name="party.1.until"]', '2030-12-31');
      await go();

      await page.waitForSelector('h1:has-text("核对并提交")');
      assert.ok((await page.textContent('main')).includes('周强 13800132208'));
      for (const typed of ['惠友超市二七店', '儿童安全座椅', '469 元', '小票.png', '周敏']) {
        assert.ok((await page.textContent('main')).includes(typed), typed);
      }
      await seen('check');
      await page.click('button:has-text("提交投诉")');

      await page.waitForSelector('text=已收到您的投诉');
      const number = await page.textContent('[data-case-number]');
      const code = await page.textContent('[data-query-code]');
      assert.match(number, /^410103-\d{4}-\d{6}$/);
      assert.match(code, /^\d{4} \d{4} \d{4}$/);
      assert.match(await page.textContent('main'), /\d+月\d+日 周.前告诉您是否受理/);
      await seen('receipt');

      await page.goto('/track');
      await page.fill('[name=number]', number.replaceAll('-', ' '));
      await page.fill('[name=code]', '111111111111');
      await next();
      await page.waitForSelector('text=编号或查询码不对 >> nth=0');
      await page.fill('[name=code]', code);
      await next();
      await page.waitForSelector('text=等待受理');
      await seen('case');

      await page.click('text=补充材料');
      await page.setInputFiles('[name=evidence]', photo('聊天.png'));
      if (javaScript) await page.waitForSelector('.file-list button:has-text("移除")');
      await page.fill('[name=note]', '商家当天的回复');
      await seen('evidence');
      await next();
      await page.waitForSelector('text=材料已补充');

      await page.click('text=催一下');
      await page.fill('[name=words]', '约好的时间过了，还没有消息');
      await seen('urge');
      await page.click('button:has-text("催办")');
      await page.waitForSelector('text=您催办了一次');
      assert.ok((await page.textContent('main')).includes('补充了 1 份材料'));
      await seen('case-urged');

      await page.click('button:has-text("退出查询")');
      await page.waitForSelector('text=已退出查询');
      await page.goto('/track/case');
      assert.equal(new URL(page.url()).pathname, '/track');
      assertNoProblems(page);
      await page.context().close();
    });
  }

  test('whoever files more than people do is held up for a moment, and loses nothing', async () => {
    const ask = (key) =>
      fetch(`${app.url}/consultations/new`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: app.url, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ key, region: '410103', complainant_phone: '13800132209', notify_by: 'in_app', facts: key }),
      });
    for (let number = 0; number < 12; number += 1) await ask(`问题${number}`);
    const page = await newPerson(browser, app, { viewport: PHONE });
    await page.goto('/consultations/new');
    await page.selectOption('[name=region]', '410103');
    await page.fill('[name=facts]', '预付卡的余额能不能退');
    await page.fill('[name=complainant_phone]', '13800132210');
    await page.getByRole('button', { name: '提交咨询' }).last().click();
    await page.waitForSelector('text=已确认');
    assert.equal(await page.inputValue('[name=facts]'), '预付卡的余额能不能退');
    await look(page, 'citizen-confirmed');
    await page.getByRole('button', { name: '提交咨询' }).last().click();
    await page.waitForSelector('[data-case-number]');
    const slow = await newPerson(browser, app, { viewport: PHONE, javaScript: false });
    await slow.goto('/human?next=/consultations/new');
    await slow.fill('[name=sum]', '1');
    await slow.click('.actions button');
    await slow.waitForSelector('text=答案不对 >> nth=0');
    assertNoProblems(page);
    await slow.context().close();
    await page.context().close();
  });

  test('what is typed before the script has come is saved, and a refused saving is tried again', async () => {
    const page = await newPerson(browser, app, { viewport: PHONE });
    await page.goto('/complaints/new');
    await page.click('button:has-text("开始填写")');
    await page.selectOption('[name=level1]', { label: '中原区' });
    // The slow line: the script of the next page waits until she has written.
    let written;
    const slow = new Promise((go) => { written = go; });
    await page.route('**/citizen*.js*', async (route) => {
      await slow;
      await route.continue();
    });
    let refused = 0;
    await page.route('**/respondent/save', (route) => (refused++ === 0 ? route.fulfill({ status: 503 }) : route.continue()));
    await page.click('.actions button', { noWaitAfter: true });
    await page.locator('[name=respondent_name]').pressSequentially('写得快的人');
    written();
    await page.waitForSelector('text=还没有保存，稍后再试');
    await page.waitForSelector('text=已自动保存', { timeout: 30_000 });
    assert.ok(refused >= 2);
    await page.unrouteAll({ behavior: 'wait' });
    await page.goto('about:blank');
    await page.goto('/complaints/new');
    await page.click('text=接着填');
    assert.equal(await page.inputValue('[name=respondent_name]'), '写得快的人');
    await page.context().close();
  });

  test('what was typed survives a closed page and a killed server', async () => {
    const page = await newPerson(browser, app, { viewport: PHONE });
    await page.goto('/complaints/new');
    await page.click('button:has-text("开始填写")');
    await page.selectOption('[name=level1]', { label: '中原区' });
    await page.click('.actions button');
    const saved = page.waitForResponse((answer) => answer.url().endsWith('/respondent/save') && answer.ok());
    await page.fill('[name=respondent_name]', '没填完的店');
    await saved;
    await page.waitForSelector('text=已自动保存');
    await page.goto('about:blank');
    await app.kill();
    await app.restart();
    await page.goto(`${app.url}/complaints/new`);
    await page.click('text=接着填');
    assert.equal(await page.inputValue('[name=respondent_name]'), '没填完的店');
    await page.context().close();
  });
});
