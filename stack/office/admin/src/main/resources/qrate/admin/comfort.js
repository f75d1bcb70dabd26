// Times are told in the zone of whoever reads; the exact one, in UTC, stands behind each, and on the page without scripts.
'use strict';
(() => {
  const language = document.documentElement.lang;
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZoneName: 'short'
  });
  for (const time of document.querySelectorAll('time')) {
    if (time.textContent.endsWith(' UTC')) time.textContent = format.format(new Date(time.dateTime));
  }
})();
// Where nobody has named a time zone yet, that of this browser is proposed.
for (const field of document.querySelectorAll('input[data-own-zone]')) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field.value === '' && [...field.list.options].some(one => one.value === zone)) field.value = zone;
}
// The key / leads to the field in the head of each page that looks for everything, wherever one is not writing already.
// Who presses it by mistake, or speaks to the computer, switches it off in the account, for this browser (WCAG 2.1.4).
(() => {
  const field = document.querySelector('header [type=search]');
  if (!field) return;
  let on = true;
  try { on = localStorage.getItem('keys') !== 'off'; } catch { /* a browser that keeps nothing */ }
  const tell = () => { if (on) field.setAttribute('aria-keyshortcuts', '/'); else field.removeAttribute('aria-keyshortcuts'); };
  tell();
  const choice = document.querySelector('[data-keys]');
  if (choice) {
    const box = choice.querySelector('input');
    box.checked = on;
    box.addEventListener('change', () => {
      on = box.checked;
      tell();
      try { localStorage.setItem('keys', on ? 'on' : 'off'); } catch { /* then for this page */ }
    });
    choice.hidden = false;
  }
  document.addEventListener('keydown', event => {
    const writes = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    if (!on || event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writes) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
