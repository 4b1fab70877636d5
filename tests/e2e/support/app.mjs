// A centre of its own for each spec: the binary on a free port of 127.0.0.1, with its own data folder
// and its own database, on the engine that E2E_ENGINE names.

import { spawn, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const binary = path.resolve(repository, process.env.XIAOBAO_BIN ?? 'target/debug/xiaobao');

export const engine = process.env.E2E_ENGINE ?? 'sqlite';

/** How long a start may take, in milliseconds: a debug binary on a busy machine. */
const START_MS = 60_000;
/** What the log of a healthy server does not hold. */
const TROUBLE = /panicked at|\bERROR\b/;

/**
 * Makes an installation and starts it.
 * @param {object} options
 * @param {string} [options.region] the division whose bureaus are made; `null` for none
 * @param {string[]} [options.demo] arguments of `demo`: starts a demonstration instead of `serve`
 * @param {string} [options.secondFactor] `required` for a centre that insists on a second factor at once
 */
export async function startApp({ region = '110105', demo, secondFactor = 'offered' } = {}) {
  const app = new App(await mkdtemp(path.join(tmpdir(), 'xiaobao-e2e-')), secondFactor);
  try {
    await app.createDatabase();
    if (region !== null && !demo) await app.cli('init', '--region', region);
    await app.start(demo && ['demo', ...demo]);
  } catch (error) {
    await app.remove();
    throw error;
  }
  return app;
}

class App {
  #child;
  #log = '';
  #database;

  constructor(data, secondFactor) {
    this.data = data;
    this.secondFactor = secondFactor;
  }

  /** Runs a command of the binary on this installation; gives what it printed. */
  async cli(...args) {
    return this.cliTyping('', ...args);
  }

  /** The same for a command that asks something: `typed` is its standard input. */
  async cliTyping(typed, ...args) {
    const running = run(binary, [...args, ...this.#place()], {
      env: environment(),
      maxBuffer: 64 * 1024 * 1024,
    });
    running.child.stdin.end(typed);
    const { stdout } = await running;
    return stdout;
  }

  /** A bearer token for the API. */
  async token(scope = 'filing') {
    const printed = await this.cli('token', 'create', '--name', `e2e-${scope}`, '--scope', scope);
    return printed.trim().split(/\s+/).at(-1);
  }

  /** Starts the server and waits until it answers. */
  async start(command = ['serve']) {
    this.command = command;
    const before = this.#log.length;
    this.#child = spawn(binary, [...command, '--port', '0', ...this.#place()], {
      env: { ...environment(), XIAOBAO_SECOND_FACTOR: this.secondFactor },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = process.env.E2E_PICTURES && createWriteStream(path.join(process.env.E2E_PICTURES, `${engine}-${this.#child.pid}.log`));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.#log += text;
        if (keep) keep.write(text);
      });
    }
    await this.#healthy(before);
  }

  /** Waits until the server has said where it listens, after `before` characters of the log, and answers there. */
  async #healthy(before) {
    const deadline = Date.now() + START_MS;
    while (this.#child.exitCode === null && Date.now() < deadline) {
      this.url = /消保已启动：(\S+)/.exec(this.#log.slice(before))?.[1];
      const answer = this.url && (await fetch(`${this.url}/healthz`).catch(() => null));
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`the server did not answer:\n${this.#log}`);
  }

  /** Ends the server as a power cut would. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Starts the server again on the same data, after `kill`. */
  async restart() {
    await this.start(this.command);
  }

  /** Everything that the server has said so far. */
  log() {
    return this.#log;
  }

  /** A number from the database, read beside the server; it must not be running on SQLite. */
  async count(sql) {
    if (engine === 'postgres') {
      const { stdout } = await run('psql', [this.#database, '-At', '-c', sql]);
      return Number(stdout);
    }
    const script = 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])';
    const file = (await readdir(this.data)).find((name) => name.endsWith('.sqlite'));
    const { stdout } = await run('python3', ['-c', script, path.join(this.data, file), sql]);
    return Number(stdout);
  }

  /** Ends everything and fails when the log tells of trouble. */
  async stop() {
    try {
      await this.#end('SIGTERM');
      const trouble = this.#log.split('\n').filter((line) => TROUBLE.test(line));
      if (trouble.length > 0) throw new Error(`the server's log tells of trouble:\n${trouble.join('\n')}`);
    } finally {
      await this.remove();
    }
  }

  async #end(signal) {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    const last = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(last);
  }

  async createDatabase() {
    if (engine !== 'postgres') return;
    const server = process.env.XIAOBAO_POSTGRES;
    if (!server) throw new Error('start the tests with scripts/e2e: XIAOBAO_POSTGRES names no server');
    const name = `e2e_${randomBytes(6).toString('hex')}`;
    await run('psql', [`${server}/postgres`, '-q', '-c', `CREATE DATABASE ${name}`]);
    this.#database = `${server}/${name}`;
  }

  /** Leaves nothing behind; the PostgreSQL server goes with all its databases. */
  async remove() {
    await this.#end('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }

  #place() {
    return ['--data', this.data, ...(this.#database ? ['--database', this.#database] : [])];
  }
}

function environment() {
  return { ...process.env, NO_COLOR: '1', RUST_BACKTRACE: '1', RUST_LOG: process.env.RUST_LOG ?? 'info' };
}
