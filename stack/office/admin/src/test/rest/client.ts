// Drives the client that a public generator made of openapi.json: every operation once at least, and of everything that
// can be made, one is made, read, changed, read again and removed. GeneratedClientTest makes, compiles and runs it.
import { Configuration, DefaultApi, ResponseError } from './generated';

declare const process: { env: Record<string, string>; exitCode: number };

const PASSWORD = process.env.QRATE_PASSWORD;
const called = new Set<string>();

/** A client that notes which of its operations were called. */
function client(token: string): DefaultApi {
  const api = new DefaultApi(new Configuration({ basePath: process.env.QRATE_URL, accessToken: token }));
  return new Proxy(api, {
    get(target: any, name: string) {
      const member = target[name];
      if (typeof member !== 'function') {
        return member;
      }
      return (...given: unknown[]) => {
        called.add(name);
        return member.apply(target, given);
      };
    },
  });
}

const admin = client(process.env.QRATE_TOKEN);
const ann = client(process.env.QRATE_OWNER_TOKEN);

function same(is: unknown, shall: unknown, what: string): void {
  if (JSON.stringify(is) !== JSON.stringify(shall)) {
    throw new Error(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shall)}`);
  }
}

/** The status and the reason of a refusal, which is a Problem. */
async function refused(deed: Promise<unknown>): Promise<[number, string]> {
  try {
    await deed;
  } catch (e) {
    if (e instanceof ResponseError) {
      return [e.response.status, (await e.response.json()).error];
    }
    throw e;
  }
  throw new Error('this was to be refused');
}

async function domains(): Promise<void> {
  same((await admin.addDomain({ newDomain: { name: 'made.test', password: PASSWORD } })).name, 'made.test', 'made domain');
  await admin.addDomain({ newDomain: { name: 'also.test', aliasOf: 'made.test' } });
  same((await admin.getDomain({ domain: 'also.test' })).aliasOf, 'made.test', 'alias domain');
  await admin.changeDomain({ domain: 'made.test', domainChange: { catchAll: 'postmaster@made.test' } });
  same((await admin.getDomain({ domain: 'made.test' })).catchAll, 'postmaster@made.test', 'catch-all');
  await admin.setDomain({ domain: 'made.test', domainChange: { catchAll: '' } });
  await admin.setLimits({ domain: 'made.test', limits: { mailboxes: 5 } });
  const made = (await admin.listDomains({ q: 'made' }))[0];
  same([made.name, made.catchAll, made.limits?.mailboxes], ['made.test', '', 5], 'domain');
  same((await admin.listMailDays({ domain: 'made.test' })).length, 30, 'statistics');
  same((await admin.getReports({ domain: 'made.test' })).dmarc.mailbox, 'postmaster@made.test', 'reports');
  same((await admin.getSetUp({ domain: 'made.test' })).domain, 'made.test', 'set-up');
  await admin.lookAtDns({ domain: 'made.test' });
  same((await admin.getDns({ domain: 'made.test' })).domain, 'made.test', 'DNS');
}

async function mailboxes(): Promise<void> {
  const address = 'chen@made.test';
  same((await admin.addMailbox({ domain: 'made.test', newMailbox: { address, password: PASSWORD } })).pop, true, 'made mailbox');
  same(await refused(admin.addMailbox({ domain: 'made.test', newMailbox: { address, password: PASSWORD } })), [409, 'EXISTS'], 'twice');
  await admin.setMailbox({ address, mailboxChange: { quotaBytes: 1000 } });
  await admin.changeMailbox({ address, mailboxChange: { pop: false } });
  const one = await admin.getMailbox({ address });
  same([one.quotaBytes, one.pop, one.smtp], [1000, false, true], 'mailbox');
  await admin.setPassword({ address, password: { password: PASSWORD + ' 2' } });
  await admin.setVacation({ address, vacation: { on: true, subject: '休假', text: '回來再說' } });
  const away = await admin.getVacation({ address });
  same([away.on, away.subject, away.text], [true, '休假', '回來再說'], 'vacation');
  await admin.setForward({ address, forward: { to: ['chen@far.test'], keep: true } });
  same((await admin.getUse({ address })).bytes, 0, 'use');
  same(await refused(admin.sendPasswordLink({ address })), [409, 'EXISTS'], 'no recovery address');
  same((await admin.getSending({ address })).stopped, false, 'sending');
  same(await refused(admin.releaseSending({ address })), [404, 'MISSING'], 'not stopped');
  same((await admin.getForward({ address })).to, ['chen@far.test'], 'forward');
  same((await admin.getSecondFactor({ address })).on, false, 'second factor');
  await admin.removeSecondFactor({ address: process.env.QRATE_LOCKED_OUT });
  same(Array.isArray(await admin.listSignIns({ address })), true, 'sign-ins');
  const many = await admin.addMailboxes({
    newMailboxes: { mailboxes: ['li@made.test', address].map((each) => ({ address: each, password: PASSWORD })) },
  });
  same((many.outcomes ?? []).map((each) => each.error), [undefined, 'EXISTS'], 'many');
  same((await admin.listMailboxes({ domain: 'made.test', limit: 1, after: 'chen' }))[0].address, 'li@made.test', 'mailboxes');
}

async function aliases(): Promise<void> {
  const alias = { address: 'sales@made.test', target: 'chen@made.test' };
  same(await admin.addAlias({ domain: 'made.test', alias }), alias, 'made alias');
  same(await admin.listAliases({ domain: 'made.test', q: 'sales' }), [alias], 'aliases');
  same((await admin.getMailboxLosses({ address: 'chen@made.test' })).losses?.some((each) => each.includes('sales@made.test')), true, 'losses of a mailbox');
  same(await refused(admin.removeMailbox({ address: 'chen@made.test' })), [409, 'MORE'], 'an alias leads there');
  await admin.removeAlias({ domain: 'made.test', ...alias });
}

async function appPasswords(): Promise<void> {
  const address = process.env.QRATE_OWNER;
  const made = await ann.addAppPassword({ address, newAppPassword: { label: 'phone', pop: true, smtp: false, oldPassword: PASSWORD } });
  same((made.password ?? '').length > 20, true, 'app password');
  const [one] = await ann.listAppPasswords({ address });
  same((await ann.getAppPassword({ address, id: made.id ?? '' })).label, 'phone', 'app password');
  same([one.label, one.pop, one.smtp], ['phone', true, false], 'app passwords');
  await ann.removeAppPassword({ address, id: one.id ?? '' });
  same(await ann.listAppPasswords({ address }), [], 'no app password');
}

async function lists(): Promise<void> {
  const address = 'parents@made.test';
  await admin.setList({ address, listSettings: { owner: 'chen@made.test', archive: true } });
  await admin.setList({ address, listSettings: { prefix: '[家長]' } });
  const members = { address, listMembers: { addresses: ['mum@far.test', 'dad@far.test'] } };
  same((await admin.addListMembers(members)).changed, true, 'members');
  await admin.removeListMembers({ address, listMembers: { addresses: ['dad@far.test'] } });
  same((await admin.listListMembers({ address })).map((each) => each.address), ['mum@far.test'], 'members');
  const list = await admin.getList({ address });
  same([list.owner, list.prefix, list.archive], ['chen@made.test', '[家長]', true], 'list');
  same((await admin.listLists({ domain: 'made.test' })).map((each) => each.address), [address], 'lists');
  same((await admin.removeList({ address, force: true })).changed, true, 'list removed');

  const there = process.env.QRATE_LIST;
  const [waiting] = await admin.listWaitingPosts({ address: there });
  const id = waiting.id ?? '';
  same((await admin.getWaitingPost({ address: there, id })).id, id, 'a post that waits');
  await admin.decideWaitingPost({ address: there, id, listDecision: { decision: 'reject', reason: 'not here' } });
  const [archived] = await admin.listArchivedPosts({ address: there });
  const number = String(archived.number);
  same((await admin.getArchivedPost({ address: there, number })).subject, archived.subject, 'a post in the archive');
}

async function control(): Promise<void> {
  await admin.setControlFile({ file: 'databytes', controlLines: { lines: ['1000000'] } });
  await admin.setControlFile({ file: 'databytes', controlLines: { lines: ['2000000'] } });
  same((await admin.getControlFile({ file: 'databytes' })).lines, ['2000000'], 'control file');
  same((await admin.listControlFiles()).find((each) => each.name === 'databytes')?.there, true, 'control files');
  await admin.removeControlFile({ file: 'databytes' });
  same((await admin.getControlFile({ file: 'databytes' })).there, false, 'control file removed');
}

async function staff(): Promise<void> {
  same((await admin.getMe()).role, 'administrator', 'me');
  await ann.changeMe({ meChange: { language: 'en' } });
  same((await ann.getMySecondFactor()).on, false, 'own second factor');
  same(await refused(ann.removeMyPasskey({ id: 'none', proof: { oldPassword: PASSWORD } })), [404, 'MISSING'], 'no passkey');
  same(await refused(ann.makeRecoveryCodes({ proof: { oldPassword: PASSWORD } })), [404, 'MISSING'], 'no second factor');
  const eve = await admin.addAdministrator({ newAdministrator: { name: 'eve', password: PASSWORD, oldPassword: PASSWORD } });
  same([eve.name, (await admin.getAdministrator({ name: 'eve' })).name], ['eve', 'eve'], 'administrator');
  await admin.setAdministratorPassword({ name: 'eve', password: { password: PASSWORD + ' 2', oldPassword: PASSWORD } });
  await admin.setAdministratorRecoveryAddress({ name: 'eve', recoveryAddress: { recoveryAddress: 'eve@elsewhere.test', oldPassword: PASSWORD } });
  same((await admin.getAdministratorSecondFactor({ name: 'eve' })).on, false, 'second factor of eve');
  same(await refused(admin.removeAdministratorSecondFactor({ name: 'eve' })), [404, 'MISSING'], 'there is none');
  same((await admin.listAdministrators()).some((each) => each.name === 'eve'), true, 'administrators');
  await admin.removeAdministrator({ name: 'eve' });
  const session = (await ann.listSessions())[0];
  await ann.removeSession({ id: session.id ?? '' });
  same(await ann.listSessions(), [], 'no session');
  await ann.removeSessions();
  same((await admin.listAuditLines({ q: 'administrator eve', limit: 1 }))[0].what, 'remove administrator eve', 'audit');
  same((await admin.getCertificate()).certificate?.names, undefined, 'no certificate');
}

async function tokens(): Promise<void> {
  const own = (await ann.listTokens())[0];
  same(own.scope, 'role', 'token');
  const made = await ann.addToken({ newToken: { label: 'monitor', scope: 'read', days: 7, oldPassword: PASSWORD } });
  same((await ann.getToken({ id: made.id ?? '' })).label, 'monitor', 'made token');
  same((await client(made.token ?? '').getMe()).scope, 'read', 'its scope');
  await admin.removeToken({ id: own.id ?? '' });
  await admin.removeTokens({ holder: process.env.QRATE_OWNER });
  same((await refused(ann.getMe()))[0], 401, 'a token that has ended');
}

async function queue(): Promise<void> {
  same((await admin.getQueue()).messages, 1, 'queue');
  const id = String((await admin.listMessages())[0].id);
  same(String((await admin.getMessage({ id })).id), id, 'message');
  await admin.retryMessage({ id });
  await admin.retryAll();
  await admin.holdMessage({ id });
  await admin.releaseMessage({ id });
  await admin.bounceMessage({ id });
  await admin.removeMessage({ id });
  const login = (await admin.listSenders())[0].login ?? '';
  await admin.releaseSender({ login });
  same((await admin.getOverview()).at instanceof Date, true, 'overview');
}

async function texts(): Promise<void> {
  const name = 'quota-warning';
  const language = 'zh-Hant';
  const domain = 'made.test';
  await admin.setDomainLanguage({ domain, textsLanguage: { language } });
  await admin.setDomainText({ domain, name, language, ownText: { text: '滿了：{percent}' } });
  same((await admin.getDomainText({ domain, name, language })).preview, '滿了：92\n', 'preview');
  const made = await admin.getDomainTexts({ domain });
  same([made.language, made.texts?.length], [language, 1], 'texts of a domain');
  await admin.removeDomainText({ domain, name, language });
  same((await admin.getDomainText({ domain, name, language })).own, false, 'built-in words');
  await admin.setSystemLanguage({ textsLanguage: { language: '' } });
  await admin.setSystemText({ name, language, ownText: { text: '{used}' } });
  same((await admin.getSystemText({ name, language })).own, true, 'own words');
  await admin.removeSystemText({ name, language });
  same((await admin.getSystemTexts()).texts?.length, 0, 'texts of the system');
}

async function quarantine(): Promise<void> {
  const [address, domain] = [process.env.QRATE_OWNER, process.env.QRATE_OWNER.replace(/.*@/, '')];
  const own = (await admin.listQuarantine({ address })).map((each) => String(each.id));
  const all = (await admin.listDomainQuarantine({ domain })).map((each) => String(each.id));
  const [first, last, others] = [own[0], own[own.length - 1], all.filter((id) => !own.includes(id))];
  same([own.length, others.length], [3, 1], 'quarantine');
  same(String((await admin.getQuarantined({ address, id: first })).id), first, 'put aside');
  same(String((await admin.getDomainQuarantined({ domain, id: others[0] })).id), others[0], 'put aside in the domain');
  await admin.releaseQuarantined({ address, id: first });
  await admin.removeQuarantined({ address, id: last });
  await admin.releaseDomainQuarantined({ domain, id: others[0] });
  await admin.removeDomainQuarantined({ domain, id: own[1] });
  same(await admin.listDomainQuarantine({ domain }), [], 'nothing is put aside any more');
}

async function traces(): Promise<void> {
  const [address, domain] = [process.env.QRATE_OWNER, process.env.QRATE_OWNER.replace(/.*@/, '')];
  const events = (ways) => ways[0].steps.map((step) => step.event);
  same(events(await admin.trace({ q: address, days: 7, limit: 1 })).includes('put-off'), true, 'trace');
  same(events(await admin.traceDomain({ domain })).includes('ended'), true, 'trace of a domain');
  same((await admin.traceMailbox({ address }))[0].from?.client, '192.0.2.7', 'trace of a mailbox');
  same((await admin.explain({ address: 'somebody@far.test' })).outcome, 'delivered', 'explain');
  same((await admin.explainInDomain({ domain, address })).steps?.length, 2, 'explain in a domain');
}

async function removals(): Promise<void> {
  const found = await admin.search({ q: 'chen@made' });
  same([found.mailboxes.all, found.mailboxes.first[0].address], [1, 'chen@made.test'], 'search');
  await admin.removeMailbox({ address: 'chen@made.test', force: true });
  same(await refused(admin.getMailbox({ address: 'chen@made.test' })), [404, 'MISSING'], 'no mailbox');
  const kept = (await admin.listDeletedMailboxes({ domain: 'made.test' }))[0];
  same(kept.address, 'chen@made.test', 'deleted mailbox');
  await admin.restoreMailbox({ domain: 'made.test', id: String(kept.id) });
  same((await admin.getMailbox({ address: 'chen@made.test' })).address, 'chen@made.test', 'mailbox brought back');
  await admin.removeMailbox({ address: 'chen@made.test', force: true });
  const again = (await admin.listDeletedMailboxes({ domain: 'made.test' }))[0];
  await admin.forgetMailbox({ domain: 'made.test', id: String(again.id) });
  same(await admin.listDeletedMailboxes({ domain: 'made.test' }), [], 'nothing kept');
  same((await admin.getDomainLosses({ domain: 'made.test' })).losses?.length, 1, 'losses of a domain');
  await admin.removeDomain({ domain: 'made.test', force: true });
  same(await refused(admin.getDomain({ domain: 'made.test' })), [404, 'MISSING'], 'no domain');
}

async function all(): Promise<void> {
  await admin.getDescription();
  for (const part of [domains, mailboxes, aliases, appPasswords, lists, control, queue, quarantine, traces, staff, tokens, texts, removals]) {
    await part().catch(tell);
  }
  const operations = Object.getOwnPropertyNames(DefaultApi.prototype).filter((name) => !/^constructor$|Raw$|RequestOpts$/.test(name));
  same(operations.filter((name) => !called.has(name)), [], 'operations that nothing calls');
  console.log(`${operations.length} operations`);
}

async function tell(e: any): Promise<void> {
  const answer = e instanceof ResponseError ? `${e.response.url} ${e.response.status} ${await e.response.text()}` : '';
  console.log(e.stack, answer);
  process.exitCode = 1;
}

all().catch(tell);
