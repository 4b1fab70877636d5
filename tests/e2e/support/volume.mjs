// A file taken out of the program, checked without it: every hash of the manifest, and the chain of events.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Unpacks and checks an archive; gives the names inside and the acts of its chain. */
export async function checkVolume(archive) {
  const folder = await mkdtemp(path.join(tmpdir(), 'xiaobao-volume-'));
  try {
    await run('python3', ['-m', 'zipfile', '-e', archive, folder]);
    const names = (await readdir(folder, { recursive: true })).sort();
    await run('sha256sum', ['--check', '--strict', '--quiet', 'manifest.sha256'], { cwd: folder });
    const course = names.find((name) => name.endsWith('办理过程.json'));
    const events = checkChain(JSON.parse(await readFile(path.join(folder, course), 'utf8')));
    return { names, events };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each event's hash is over the hash before and all that the event holds, each preceded by its length. */
function checkChain({ case: caseNumber, events }) {
  let previous = '';
  events.forEach((event, index) => {
    assert.equal(event.number, index + 1, 'events are numbered without a gap');
    const sum = createHash('sha256');
    for (const field of [previous, caseNumber, String(event.number), microseconds(event.at), event.actor, event.basis, event.data]) {
      const bytes = Buffer.from(field, 'utf8');
      const length = Buffer.alloc(8);
      length.writeBigUInt64BE(BigInt(bytes.length));
      sum.update(length).update(bytes);
    }
    assert.equal(sum.digest('hex'), event.hash, `the hash of event ${event.number}`);
    previous = event.hash;
  });
  return events;
}

/** Microseconds since 1970, from 2026-11-21T22:58:09.123456Z. */
function microseconds(at) {
  const [, seconds, fraction = ''] = /^(.+?)(?:\.(\d+))?Z$/.exec(at);
  return String(Date.parse(`${seconds}Z`) / 1000) + fraction.padEnd(6, '0');
}
