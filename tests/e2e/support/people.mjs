// The people of a centre: accounts made on the command line, and what each does at the desk.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { DESK, newPerson } from './browser.mjs';
import { look } from './look.mjs';

const PASSWORD = 'Lu-Deng-2026!';

/** The people of one county, by login: name, organisation, role. */
const COUNTY = {
  agent: ['周敏', '410103/centre', 'intake_agent'],
  dispatcher: ['方慧', '410103/centre', 'dispatcher'],
  office_leader: ['郭建国', '410103007', 'leader'],
  lead_officer: ['田甜', '410103007', 'officer'],
  second_officer: ['马超群', '410103007', 'officer'],
  bureau_leader: ['宋志远', '410103', 'leader'],
  admin: ['钱程', '410103', 'administrator'],
};

/** And those around it: a third officer, another office, another county, the city above both, discipline. */
export const CITY = {
  ...COUNTY,
  third_officer: ['何雨桐', '410103007', 'officer'],
  other_office_leader: ['孙立新', '410103008', 'leader'],
  neighbour: ['贾文静', '410102/centre', 'dispatcher'],
  city_leader: ['江海涛', '410100', 'leader'],
  discipline: ['严守正', '410103', 'discipline'],
};

export async function hireStaff(app, staff = COUNTY) {
  for (const [login, [name, organization, role]] of Object.entries(staff)) {
    await app.cliTyping(
      `${PASSWORD}\n`, 'user', 'add', '--login', login, '--name', name, '--organization', organization, '--role', role,
    );
  }
}

export function nameOf(login) {
  return CITY[login][0];
}

/** Puts an authenticator into this person's browser: a security key that answers by itself. Passkeys need a host with a name. */
export async function addAuthenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Opens a browser for one of the staff and signs in by the page. */
export async function signIn(browser, app, login) {
  const page = await newPerson(browser, app, { viewport: DESK });
  await page.goto('/login');
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.waitForURL((address) => address.pathname !== '/login');
  return page;
}

/** A page that people see: its picture, nothing sideways, nothing failed, axe finds nothing. */
export async function seen(page, name, size = DESK) {
  await look(page, name, { sizes: [size] });
  await assertAccessible(page);
}

/** Opens the page of an act from the case page, as people do. */
export async function openAct(page, number, action) {
  await page.goto(`/desk/cases/${number}`);
  const act = page.locator(`.acts a[href="/desk/cases/${number}/${action}"]`);
  // The less usual acts lie under 更多.
  if (!(await act.isVisible())) await page.locator('.other-acts > summary').click();
  await act.click();
  await page.waitForURL(`**/desk/cases/${number}/${action}`);
}

/** Sends the open form by its own button; an official act is confirmed once more. */
export async function send(page) {
  const button = page.locator('form.card button[type=submit]').last();
  const asks = (await button.getAttribute('data-confirm')) !== null;
  await button.click();
  if (asks) await page.locator('dialog[open] button').first().click();
}

/** One whole act: open, look, fill in, send, and be back at the case with the act done. */
export async function perform(page, number, action, fill = async () => {}) {
  await openAct(page, number, action);
  await seen(page, `story-act-${action}`);
  await fill(page);
  await finish(page, number, action);
}

/** Sends the act that is open, and is back at the case with it done. */
export async function finish(page, number, action) {
  await send(page);
  await page.waitForURL(`**/desk/cases/${number}?done=${action}`);
  assert.equal(await page.locator('.error-summary').count(), 0);
}

/** The consumer looks up her case with number and query code. */
export async function track(page, number, code) {
  await page.goto('/track');
  await page.getByLabel('受理编号').fill(number);
  await page.getByLabel('查询码').fill(code);
  await page.getByRole('button', { name: '查询', exact: true }).tap();
  await page.waitForURL('**/track/case**');
}

/** The value of the first choice of a list that says this. */
export async function optionOf(page, name, words) {
  return page.locator(`#f-${name} option`, { hasText: words }).first().getAttribute('value');
}

/** Presses Tab until the focus is on the control with this name (or on the button with this text). */
export async function tabTo(page, name) {
  for (let presses = 0; presses < 120; presses += 1) {
    const at = await page.evaluate(() => {
      const { name: own, tagName, textContent } = document.activeElement;
      return { name: own ?? '', text: tagName === 'BUTTON' ? textContent.trim() : '' };
    });
    if (at.name === name || at.text === name) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard never comes to ${name} at ${page.url()}`);
}

/** Ticks a box or a radio as people do: by its label, which lies over it. */
export async function choose(page, name, value) {
  const id = await page.locator(`input[name="${name}"][value="${value}"]`).getAttribute('id');
  await page.locator(`label[for="${id}"]`).click();
}
