package qrate.images.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.admin.Admin;
import qrate.certificate.Report;
import qrate.checkpassword.Upgrades;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Health;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.State;
import qrate.directory.Directory;
import qrate.directory.SnapshotDirectory;
import qrate.lists.OneClick;
import qrate.local.Publication;
import qrate.local.Publishing;
import qrate.qcontrol.QueueControl;
import qrate.tcpserver.AddressList;
import qrate.vpopmail.Domains;
import qrate.vpopmail.Settings;
import qrate.vpopmail.Upgrader;

/// The door of browsers and of the REST API.
public final class AdminDoor {
    private AdminDoor() {}

    private static final SecureRandom RANDOM = new SecureRandom();

    /// What it asks and shows of the other parts.
    ///
    /// @param control looks at the queue
    /// @param intake takes a message to a list
    /// @param health of this process, which `/healthz` shows
    public record Inside(QueueControl control, Intake intake, Health health) {}

    /// Opens the database and the door, as `QRATE_ADMIN_BIND` and `QRATE_ADMIN_PORT` say; by default 8080 on
    /// 127.0.0.1, whatever `QRATE_BIND` says about mail: what is spoken here is plain HTTP.
    public static Admin open(Daemon daemon, State state, Map<String, String> environment, Inside inside, Log log)
            throws IOException {
        InstantSource clock = InstantSource.system();
        Publication dots = new Publication(state.maildirs(), state.users(), new SnapshotDirectory(state, clock), clock);
        daemon.add(Publishing.start(dots, log));
        Domains domains = daemon.add(Domains.open(state, Settings.of(environment, state), clock));
        daemon.add(Upgrader.start(domains, state.passwords().resolve(Upgrades.SOCKET), log));
        Control control = new Control(state.control(), clock);
        String bind = environment.getOrDefault("QRATE_ADMIN_BIND", "127.0.0.1");
        int port = Integer.parseInt(environment.getOrDefault("QRATE_ADMIN_PORT", "8080"));
        Admin admin = daemon.add(Admin.start(
                state,
                new Admin.Parts(
                        domains,
                        inside.control,
                        links(state, inside.intake, clock),
                        peer -> AddressList.covers(lines(control, log), peer),
                        () -> Report.of(state.tls(), control),
                        inside.health::everywhere,
                        log,
                        clock),
                new InetSocketAddress(bind, port)));
        watch(inside.health, state, domains, admin);
        Instant started = clock.instant();
        inside.health.watch("certificate", () -> Report.problem(state.tls(), control, started, clock.instant()));
        return admin;
    }

    private static void watch(Health health, State state, Domains domains, Admin admin) {
        health.watch(
                "database",
                () -> domains.accounts().alive()
                        ? Optional.empty()
                        : Optional.of("does not answer: nothing can be changed, mail and logins go on"));
        health.watch("admin", admin::problem);
        List.of(state.db(), state.users(), state.control(), state.maildirs())
                .forEach(folder -> health.watch("disk", Health.room(folder)));
    }

    /// Whose headers about clients count: the same proxies that may speak the PROXY protocol.
    private static List<String> lines(Control control, Log log) {
        try {
            return control.lines("proxyfrom");
        } catch (IOException e) {
            log.line("admin: " + e.getMessage() + ": no proxy is believed");
            return List.of();
        }
    }

    private static Admin.Links links(State state, Intake intake, InstantSource clock) {
        Control control = new Control(state.control(), clock);
        SnapshotDirectory directory = new SnapshotDirectory(state, clock);
        OneClick links = new OneClick(
                () -> control.line("listurl"),
                address -> directory.route(address) instanceof Directory.Route.Forward,
                intake,
                clock,
                RANDOM);
        return new Admin.Links(links::known, links::unsubscribe);
    }
}
