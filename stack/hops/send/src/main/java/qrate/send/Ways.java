package qrate.send;

import java.io.IOException;
import java.time.InstantSource;
import qrate.address.Routing;
import qrate.core.Control;
import qrate.core.SaidOnce;
import qrate.ledger.Ledger;

/// The routing in force: looked at again each second, kept as it was while a control file cannot be read.
// DEVIATION: qmail-send rereads locals and virtualdomains only at HUP. Here the domains are written by another
// service that cannot signal this one, so a change is seen by itself; HUP is honoured all the same.
final class Ways {
    private static final long LOOK_MILLIS = Control.RECHECK_MILLIS;

    private final Control control;
    private final SaidOnce trouble;
    private final InstantSource clock;
    private Routing current;
    private long looked;

    Ways(Control control, Ledger ledger, InstantSource clock) throws IOException {
        this.control = control;
        this.trouble = new SaidOnce(ledger::status);
        this.clock = clock;
        this.current = Routing.read(control);
        this.looked = clock.millis();
    }

    synchronized Routing current() {
        long now = clock.millis();
        if (now - looked >= LOOK_MILLIS || now < looked) {
            look(now);
        }
        return current;
    }

    synchronized void reread() {
        control.reread();
        look(clock.millis());
    }

    private void look(long now) {
        looked = now;
        try {
            current = Routing.read(control);
            trouble.well();
        } catch (IOException e) {
            trouble.say("alert: unable to reread controls: " + e);
        }
    }
}
