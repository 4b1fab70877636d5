// 32 clients file by the API while the server is killed. Every answered case is there afterwards,
// whoever got no answer sends the same request again, and nobody's case is doubled or half there.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { complaint } from './support/complaint.mjs';

const CLIENTS = 32;
/** The server dies once so many have been answered, so some are always on their way. */
const KILL_AFTER = 200;
/** No client sends more than this, should the kill not come. */
const REQUESTS_EACH = 100;

describe(`kill -9 while ${CLIENTS} clients file (${engine})`, () => {
  let app;
  let token;
  before(async () => {
    app = await startApp();
    token = await app.token('filing');
  });
  after(() => app?.stop());

  test('what was answered is there, what was not can be sent again, nothing is doubled', async () => {
    const answered = new Map();
    const unanswered = [];
    let killed;

    async function client(number) {
      for (let turn = 0; turn < REQUESTS_EACH; turn += 1) {
        const key = `e2e-${number}-${turn}`;
        const caseNumber = await file(app, token, key).catch(() => null);
        if (caseNumber === null) {
          unanswered.push(key);
          return;
        }
        answered.set(key, caseNumber);
        if (answered.size >= KILL_AFTER) killed ??= app.kill();
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    await killed;
    assert.ok(killed, 'the server was killed in the middle');
    assert.ok(unanswered.length > 0, 'somebody was cut off');

    await app.restart();

    for (const [key, caseNumber] of answered) {
      const found = await read(app, token, caseNumber);
      assert.equal(found.number, caseNumber, `the case answered to ${key}`);
    }
    for (const [key, caseNumber] of [...answered].slice(-CLIENTS)) {
      assert.equal(await file(app, token, key), caseNumber, `${key} sent again gets its own case`);
    }
    for (const key of unanswered) answered.set(key, await file(app, token, key));
    const numbers = new Set(answered.values());
    assert.equal(numbers.size, answered.size, 'one case for each request');

    await app.kill();
    const cases = await app.count('SELECT COUNT(*) FROM cases');
    assert.equal(cases, numbers.size, 'no case beyond those that were asked for');
    for (const whole of WHOLE) {
      const half = await app.count(`SELECT COUNT(*) FROM cases c WHERE NOT EXISTS (${whole})`);
      assert.equal(half, 0, `no half case: ${whole}`);
    }
  });
});

/** What stands beside each case from its first commit on. */
const WHOLE = [
  'SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.number = 1',
  'SELECT 1 FROM deadline d WHERE d.case_id = c.id',
  "SELECT 1 FROM party p WHERE p.case_id = c.id AND p.role = 'complainant'",
  "SELECT 1 FROM party p WHERE p.case_id = c.id AND p.role = 'respondent'",
];

/** Files one complaint; gives its case number, or throws when no answer came. */
async function file(app, token, key) {
  const answer = await fetch(`${app.url}/api/v1/complaints`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(complaint(key)),
  });
  const body = await answer.json();
  assert.ok([200, 201].includes(answer.status), `${answer.status}: ${JSON.stringify(body)}`);
  return body.number;
}

async function read(app, token, caseNumber) {
  const answer = await fetch(`${app.url}/api/v1/complaints/${encodeURIComponent(caseNumber)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 200, `GET ${caseNumber}`);
  return answer.json();
}
