package qrate.images.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.address.Sameness;
import qrate.address.SystemAccounts;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Figures;
import qrate.core.Health;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Spawner;
import qrate.core.Spool;
import qrate.core.State;
import qrate.ledger.Ledger;
import qrate.lists.Lists;
import qrate.local.deliver.LocalSpawner;
import qrate.local.deliver.OtherUsers;
import qrate.local.plan.Publication;
import qrate.posix.SyncFs;
import qrate.qcontrol.QueueControlServer;
import qrate.qmqp.QmqpClient;
import qrate.qmqp.QmqpServer;
import qrate.queue.Journal;
import qrate.queue.QmailQueue;
import qrate.remote.RemoteSpawner;
import qrate.remote.Surroundings;
import qrate.reports.ReportKeeper;
import qrate.send.QuarantineRoom;
import qrate.send.Send;
import qrate.sendlimits.SendLimits;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;
import qrate.spawn.SpawnClient;
import qrate.spawn.SpawnServer;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Doors;
import qrate.tcpserver.Listener;
import qrate.tcpserver.RulesFile;
import qrate.tcpserver.Verbosity;
import qrate.wordings.Wordings;

/// The three roles of the image, opened part by part: each role in a process of its own, or all in one.
public final class Roles {
    /// Port of send's QMQP.
    public static final int QMQP_PORT = 628;

    /// Port of lspawn's stream of deliveries.
    public static final int LSPAWN_PORT = 629;

    /// Port of rspawn's stream of deliveries.
    public static final int RSPAWN_PORT = 630;

    /// How long send waits for answers; the container engine kills after ten seconds.
    private static final Duration DRAIN = Duration.ofSeconds(7);

    /// How long those who hand mail over then have for what they are in the middle of.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private static final int LOCAL_DELIVERIES = 40;

    private final Daemon daemon;
    private final State state;
    private final Map<String, String> environment;
    private final Log log;
    private final InstantSource clock = InstantSource.system();
    private final Control control;
    private final Path spool;
    private Optional<SendLimits> limits = Optional.empty();
    private Optional<QuarantineRoom> shelf = Optional.empty();

    public Roles(Daemon daemon, State state, Map<String, String> environment, Log log) {
        this.daemon = daemon;
        this.state = state;
        this.environment = environment;
        this.log = log;
        this.control = new Control(state.control(), clock);
        this.spool = Path.of(environment.getOrDefault("QRATE_SPOOL", System.getProperty("java.io.tmpdir")));
    }

    /// The queue itself; whoever else has it open keeps this one from starting.
    public Journal queue() throws IOException {
        Journal queue = daemon.add(Journal.open(Files.createDirectories(state.queue()), clock, log));
        daemon.health().watch("queue", queue::problem);
        daemon.health().watch("disk", Health.room(state.queue()));
        daemon.figures().add(Figures.disk("queue", state.queue()));
        QuarantineRoom room = new QuarantineRoom(queue, clock);
        daemon.health().watch("quarantine", room::problem);
        shelf = Optional.of(room);
        limits = Optional.of(SendLimits.open(room, new SendLimits.Parts(control, clock, log), state.queue()));
        return queue;
    }

    /// The queue as somebody sees it who hands mail over: who is named twice gets a message once, and what a user sends
    /// beyond the limits is held.
    ///
    /// @param queue what {@link #queue} gave
    /// @param how for qmail-queue's Received line: `from network`, `by alias`
    public Intake door(Journal queue, String how) {
        Sameness sameness = new Sameness(control, SnapshotDirectory.orNone(state, clock));
        Intake limited = limits(queue);
        return QmailQueue.received((envelope, body) -> limited.accept(sameness.once(envelope), body), how, clock);
    }

    private SendLimits limits(Journal queue) {
        return limits.orElseGet(() -> SendLimits.off(queue));
    }

    /// qmail-send between the queue and the two spawners, its doors, and its control socket. The doors open before the
    /// first delivery starts and close after the last one ended, since what deliveries send on comes in by them.
    ///
    /// @param doors where other processes hand over mail by QMQP; host `0` listens on all addresses
    public Send send(Journal queue, List<QmqpClient.Server> doors, Spawner local, Spawner remote) throws IOException {
        Doors open = daemon.add(new Doors(LAST_ANSWERS));
        for (QmqpClient.Server door : doors) {
            open.add("qmqp", qmqp(queue, door));
        }
        daemon.figures().add(open::samples);
        Ledger ledger = new Ledger(log, new RealDisk(state.queue()), clock);
        Wordings wordings = new Wordings(SnapshotDirectory.orNone(state, clock), log);
        Send.Hops hops = new Send.Hops(queue, local, remote, limits(queue), wordings, Optional.of(state.queue()));
        Send send = new Send(hops, control, clock, ledger);
        send.start();
        shelf.ifPresent(send::fill);
        daemon.health().watch("send", send::problem);
        daemon.health().watch("refused", send::refused);
        daemon.figures().add(send::samples);
        Signals.at("HUP", send::reread, log);
        Signals.at("ALRM", send::retryNow, log);
        daemon.add(() -> send.close(DRAIN));
        daemon.add(new QueueControlServer(
                send, Files.createDirectories(state.run()).resolve("send.sock"), log));
        return send;
    }

    private Listener qmqp(Journal queue, QmqpClient.Server at) throws IOException {
        Listener.Settings settings = Listener.Settings.on(at.host(), at.port()).withVerbosity(Verbosity.ERRORS);
        Listener.Parts parts =
                new Listener.Parts(control, RulesFile.none(), Certificates.none(), log, new Budget(Budget.ofHeap(16)));
        Intake intake = door(queue, "from network");
        return Listener.start(settings, parts, new QmqpServer(_ -> intake, Spool.swept(folder("qmqp")), log));
    }

    /// qmail-lspawn.
    ///
    /// @param forwards takes what `.qmail` files and aliases send on
    public Spawner lspawn(Intake forwards) throws IOException {
        Spawner spawner = daemon.add(local(forwards, "", SystemUsers.NONE, new SnapshotDirectory(state, clock)));
        daemon.add(ReportKeeper.start(state, clock, log));
        return spawner;
    }

    /// The users of the system beside those of users/cdb and the directory, where they get mail.
    ///
    /// @param others delivers as one of them
    record SystemUsers(SystemAccounts accounts, OtherUsers others) {
        static final SystemUsers NONE = new SystemUsers(SystemAccounts.none(), OtherUsers.none());
    }

    /// qmail-lspawn as another's qmail-send starts it: there may be no directory, and accounts of the system have mail.
    ///
    /// @param defaultDelivery the instructions that an empty `.qmail` file stands for
    Spawner lspawn(Intake forwards, String defaultDelivery, SystemUsers system) throws IOException {
        // where domains have folders, a directory that is missing is a fault, and mail waits
        SnapshotDirectory directory = Files.exists(state.maildirs().resolve("domains"))
                ? new SnapshotDirectory(state, clock)
                : SnapshotDirectory.orNone(state, clock);
        return daemon.add(local(forwards, defaultDelivery, system, directory));
    }

    private Spawner local(Intake forwards, String defaultDelivery, SystemUsers system, Directory directory)
            throws IOException {
        daemon.health().watch("disk", Health.room(state.maildirs()));
        Publication.deliversToAccounts(state.maildirs(), !system.equals(SystemUsers.NONE));
        Lists.House house =
                new Lists.House(() -> control.line("listurl"), () -> control.line("me"), new Wordings(directory, log));
        Lists lists = new Lists(forwards, clock, new SecureRandom(), log, house);
        return new LocalSpawner(
                new LocalSpawner.Parts(
                        state.maildirs(),
                        new RealDisk(state.maildirs(), together(state.maildirs())),
                        state.users(),
                        directory,
                        system.accounts,
                        system.others,
                        control,
                        forwards,
                        log,
                        clock,
                        control.lineOrMe("me"),
                        defaultDelivery,
                        LOCAL_DELIVERIES),
                lists.inDelivery());
    }

    private Optional<RealDisk.Whole> together(Path folder) {
        return SyncFs.of(folder).map(daemon::add);
    }

    /// qmail-rspawn.
    public Spawner rspawn() {
        return daemon.add(remote());
    }

    private Spawner remote() {
        return new RemoteSpawner(Surroundings.real(control, environment, log));
    }

    /// qmail-lspawn for the send of another process.
    ///
    /// @param port 0 for any free one
    public SpawnServer serveLocal(Intake forwards, int port) throws IOException {
        SpawnServer server = serve(local(forwards, "", SystemUsers.NONE, new SnapshotDirectory(state, clock)), port);
        daemon.add(ReportKeeper.start(state, clock, log));
        return server;
    }

    /// qmail-rspawn for the send of another process.
    ///
    /// @param port 0 for any free one
    public SpawnServer serveRemote(int port) throws IOException {
        return serve(remote(), port);
    }

    private SpawnServer serve(Spawner spawner, int port) throws IOException {
        String at = environment.getOrDefault("QRATE_SPAWN_ADDRESS", "");
        InetSocketAddress address =
                at.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(at), port);
        return daemon.add(new SpawnServer(spawner, address, folder("spawn"), log));
    }

    /// A spawner in another process.
    ///
    /// @param name `lspawn` or `rspawn`, for the log
    /// @param variable names its host and port in the environment
    public SpawnClient far(String name, String variable, int usualPort) {
        String[] at = environment.getOrDefault(variable, name + ":" + usualPort).split(":", 2);
        int port = at.length < 2 ? usualPort : Integer.parseInt(at[1]);
        return daemon.add(new SpawnClient(new SpawnClient.Peer(name, at[0], port), log));
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(spool.resolve(name));
    }
}
