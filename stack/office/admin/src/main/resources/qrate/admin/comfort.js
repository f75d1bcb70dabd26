// The key / leads to the field in the head of each page that looks for everything, wherever one is not writing already.
'use strict';
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
