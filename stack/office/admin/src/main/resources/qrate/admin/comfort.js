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
// The key / leads to the field in the head of each page that looks for everything, wherever one is not writing already.
(() => {
  const field = document.querySelector('header [type=search]');
  if (!field) return;
  field.setAttribute('aria-keyshortcuts', '/');
  document.addEventListener('keydown', event => {
    const writes = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writes) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
