package qrate.images.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import qrate.admin.Admin;
import qrate.admin.MailDayKeeper;
import qrate.certificate.Report;
import qrate.checkpassword.LoginNotes;
import qrate.checkpassword.Upgrades;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Figure;
import qrate.core.Figures;
import qrate.core.Health;
import qrate.core.Inodes;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.RefusedCounts;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.LoginKeeper;
import qrate.directory.Settings;
import qrate.directory.Upgrader;
import qrate.dns.DnsClient;
import qrate.lists.OneClick;
import qrate.local.plan.Publication;
import qrate.local.plan.Publishing;
import qrate.qcontrol.QueueControl;
import qrate.reports.ReportPost;
import qrate.reports.TlsReportPost;
import qrate.reports.WebPost;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;
import qrate.status.Remembered;
import qrate.status.ServiceStatus;
import qrate.tcpserver.NetworkList;
import qrate.zone.KeyPublishing;
import qrate.zone.PublishedZones;

/// The door of browsers and of the REST API.
public final class AdminDoor {
    private AdminDoor() {}

    private static final SecureRandom RANDOM = new SecureRandom();

    /// How long services that start together may take until each has been heard of.
    private static final Duration SILENT_MAX = Duration.ofSeconds(30);

    /// How long a look at what only another program knows is good.
    private static final Duration INODES_EVERY = Duration.ofMinutes(1);

    /// What it asks and shows of the other parts.
    ///
    /// @param control looks at the queue
    /// @param intake takes a message to a list
    /// @param health of this process, which `/healthz` shows
    /// @param figures of this process, which `/metrics` shows
    public record Inside(QueueControl control, Intake intake, Health health, Figures figures) {}

    /// Opens the database and the door, as `QRATE_ADMIN_BIND` and `QRATE_ADMIN_PORT` say; by default 8080 on
    /// 127.0.0.1, whatever `QRATE_BIND` says about mail: what is spoken here is plain HTTP.
    public static Admin open(Daemon daemon, State state, Map<String, String> environment, Inside inside, Log log)
            throws IOException {
        InstantSource clock = InstantSource.system();
        Publication dots = new Publication(state.maildirs(), state.users(), new SnapshotDirectory(state, clock), clock);
        daemon.add(Publishing.start(dots, log));
        Domains domains = daemon.add(Domains.open(state, Settings.of(environment, state), clock));
        Notices.Known known = new Notices.Known(inside.health, inside.control, dots, domains.logins());
        Notices.open(daemon, known, state, environment, log);
        daemon.add(Upgrader.start(domains, state.passwords().resolve(Upgrades.SOCKET), log));
        daemon.add(LoginKeeper.start(domains, state.passwords().resolve(LoginNotes.SOCKET), clock, log));
        Control control = new Control(state.control(), clock);
        String bind = environment.getOrDefault("QRATE_ADMIN_BIND", "127.0.0.1");
        int port = Integer.parseInt(environment.getOrDefault("QRATE_ADMIN_PORT", "8080"));
        Admin admin = daemon.add(Admin.start(
                state,
                new Admin.Parts(
                        domains,
                        inside.control,
                        links(state, inside.intake, clock),
                        inside.intake,
                        peer -> NetworkList.covers(lines(control, log), peer),
                        () -> Report.of(state.tls(), control),
                        PublishedZones.of(control, state.tls(), environment, clock),
                        inside.health::everywhere,
                        services(environment, inside.figures, clock),
                        new Foresight(state, environment, inside.intake, clock),
                        log,
                        clock),
                new InetSocketAddress(bind, port)));
        daemon.add(ReportPost.start(state, inside.intake, clock, log));
        daemon.add(TlsReportPost.start(
                state,
                new TlsReportPost.Around(
                        inside.control::tls, DnsClient.of(environment), inside.intake, WebPost.byHttps()),
                clock,
                log));
        daemon.add(MailDayKeeper.start(domains, inside.control::traffic, refused(state, environment), log));
        KeyPublishing.Names names =
                () -> domains.domains().stream().map(domain -> domain.name()).toList();
        daemon.add(KeyPublishing.start(new KeyPublishing.Around(control, environment, names), clock, log));
        watch(inside, state, domains, admin);
        Instant started = clock.instant();
        watchOthers(inside.health, environment, started, clock);
        inside.health.watch("certificate", () -> Report.problem(state.tls(), control, started, clock.instant()));
        return admin;
    }

    /// Where the door for mail leaves what it has refused.
    private static Path refused(State state, Map<String, String> environment) {
        String services = environment.getOrDefault("QRATE_SERVICES", "");
        Path folder = services.isEmpty() ? state.run() : Path.of(services).resolve("smtpd");
        return folder.resolve(RefusedCounts.FILE);
    }

    private static void watch(Inside inside, State state, Domains domains, Admin admin) {
        Health health = inside.health;
        health.watch(
                "database",
                () -> domains.accounts().alive()
                        ? Optional.empty()
                        : Optional.of("does not answer: nothing can be changed, mail and logins go on"));
        health.watch("admin", admin::problem);
        Map<String, Path> folders = new TreeMap<>(Map.of(
                "db", state.db(), "users", state.users(), "control", state.control(), "maildirs", state.maildirs()));
        folders.values().forEach(folder -> health.watch("disk", Health.room(folder)));
        folders.forEach((name, folder) -> inside.figures.add(Figures.disk(name, folder)));
        if (Files.isWritable(state.queue())) { // in the one process; in containers send has it
            folders.put("queue", state.queue());
        }
        inside.figures.add(new Remembered<>(() -> inodes(folders), INODES_EVERY, InstantSource.system()));
    }

    private static List<Figure.Sample> inodes(Map<String, Path> folders) {
        Map<Path, Inodes> disks = Inodes.of(List.copyOf(folders.values()));
        List<Figure.Sample> all = new ArrayList<>();
        folders.forEach((name, folder) -> {
            if (disks.containsKey(folder)) {
                all.add(Figure.INODES_FREE.of(disks.get(folder).free(), name));
                all.add(Figure.INODES.of(disks.get(folder).total(), name));
            }
        });
        return all;
    }

    /// A service that was stopped has taken its problems with it, and its silence is one.
    private static void watchOthers(
            Health health, Map<String, String> environment, Instant started, InstantSource clock) {
        String folder = environment.getOrDefault("QRATE_SERVICES", "");
        if (!folder.isEmpty()) {
            health.watch("services", () -> {
                Instant now = clock.instant();
                List<String> silent = ServiceStatus.in(Path.of(folder), now).stream()
                        .filter(service -> !service.up())
                        .map(ServiceStatus::name)
                        .toList();
                return silent.isEmpty() || now.isBefore(started.plus(SILENT_MAX))
                        ? Optional.empty()
                        : Optional.of(String.join(", ", silent) + ": not heard of: stopped, or standing still");
            });
        }
    }

    /// This process first, and beside it those that leave their figures where `QRATE_SERVICES` says, in containers.
    private static Supplier<List<ServiceStatus>> services(
            Map<String, String> environment, Figures own, InstantSource clock) {
        String folder = environment.getOrDefault("QRATE_SERVICES", "");
        if (folder.isEmpty()) {
            return () -> List.of(new ServiceStatus(ServiceStatus.WHOLE, own.samples()));
        }
        return () -> Stream.concat(
                        Stream.of(new ServiceStatus("admin", own.samples())),
                        ServiceStatus.in(Path.of(folder), clock.instant()).stream())
                .toList();
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
