package qrate.admin;

/// Scripts that watch where the key Tab leads on a page.
final class Tabs {
    /// Begins to watch, and says how many times the key goes round.
    static final String BEGIN = """
            const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
            const first = e => all.find(o => o.name === e.name && o.form === e.form && o.checked)
                || all.find(o => o.name === e.name && o.form === e.form);
            window.stops = all.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled
                && (e.type !== 'radio' || e === first(e)));
            window.seen = [];
            const inSight = e => {
              const r = e.getBoundingClientRect();
              return r.width > 0 && r.height > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth;
            };
            document.addEventListener('focusin', event => {
              const style = getComputedStyle(event.target);
              const last = window.seen.at(-1);
              if (last) last.sight ||= inSight(last.target); // once it was scrolled to
              window.seen.push({target: event.target, sight: inSight(event.target),
                  marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2});
            });
            const fields = {date: 4, time: 4, 'datetime-local': 6, month: 3, week: 3}; // one may have several places to be
            const wide = document.querySelectorAll('.wide').length; // one that scrolls is a place too
            return window.stops.reduce((sum, e) => sum + (fields[e.type] || 1), 2 + wide);""";

    /// What was wrong with the way: it begins where the page says, and goes round.
    static final String WRONG = """
            const wrong = [];
            const stops = window.stops;
            const way = window.seen.filter(one => stops.includes(one.target)).filter((one, i, all) => i === 0 || one.target !== all[i - 1].target);
            const from = stops.indexOf(way.length ? way[0].target : null);
            if (from !== 0 && !document.querySelector('[autofocus]')) wrong.push('does not begin with the first: ' + from);
            for (let i = 0; i < stops.length; i++) {
              const expected = stops[(from + i) % stops.length];
              const got = way[i];
              if (!got || got.target !== expected) {
                wrong.push('expected ' + expected.outerHTML + ', came to ' + (got ? got.target.outerHTML : 'nothing'));
                break;
              }
              if (!got.marked) wrong.push('does not show where it is: ' + expected.outerHTML);
              if (!got.sight && i + 1 < way.length) wrong.push('out of sight: ' + expected.outerHTML);
            }
            return wrong;""";

    private Tabs() {}
}
