package qrate.images.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import qrate.admin.Admin;
import qrate.checkpassword.Upgrades;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.State;
import qrate.qcontrol.QueueControl;
import qrate.vpopmail.Domains;
import qrate.vpopmail.Settings;
import qrate.vpopmail.Upgrader;

/// The door of browsers and of the REST API.
public final class AdminDoor {
    private AdminDoor() {}

    /// Opens the database and the door, as `QRATE_BIND` and `QRATE_ADMIN_PORT` say; by default 8080 on every address.
    public static Admin open(Daemon daemon, State state, Map<String, String> environment, QueueControl queue, Log log)
            throws IOException {
        InstantSource clock = InstantSource.system();
        Domains domains = daemon.add(Domains.open(state, Settings.of(environment, state), clock));
        daemon.add(Upgrader.start(domains, state.passwords().resolve(Upgrades.SOCKET), log));
        String bind = environment.getOrDefault("QRATE_BIND", "0.0.0.0");
        int port = Integer.parseInt(environment.getOrDefault("QRATE_ADMIN_PORT", "8080"));
        return daemon.add(
                Admin.start(state, new Admin.Parts(domains, queue, log, clock), new InetSocketAddress(bind, port)));
    }
}
