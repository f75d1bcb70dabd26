package qrate.images.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Spawner;
import qrate.core.State;
import qrate.directory.SnapshotDirectory;
import qrate.local.LocalSpawner;
import qrate.queue.Journal;
import qrate.remote.RemoteSpawner;
import qrate.remote.Surroundings;
import qrate.send.Send;
import qrate.send.Trace;

/// The three roles of the image, opened one by one: each in a process of its own, or all in one.
public final class Roles {
    private static final Duration DRAIN = Duration.ofSeconds(8);
    private static final int LOCAL_DELIVERIES = 40;

    private final Daemon daemon;
    private final State state;
    private final Map<String, String> environment;
    private final Log log;
    private final InstantSource clock = InstantSource.system();
    private final Control control;

    public Roles(Daemon daemon, State state, Map<String, String> environment, Log log) {
        this.daemon = daemon;
        this.state = state;
        this.environment = environment;
        this.log = log;
        this.control = new Control(state.control(), clock);
    }

    /// The queue itself; whoever else has it open keeps this one from starting.
    public Journal queue() throws IOException {
        return daemon.add(Journal.open(Files.createDirectories(state.queue()), clock, log));
    }

    /// qmail-send between the queue and the two spawners.
    public Send send(Journal queue, Spawner local, Spawner remote) throws IOException {
        Path ledger = state.queue().resolve("ledger");
        Send send = new Send(new Send.Hops(queue, local, remote), control, clock, new Trace(log, ledger, clock));
        send.start();
        daemon.add(() -> send.close(DRAIN));
        return send;
    }

    /// qmail-lspawn.
    ///
    /// @param forwards takes what `.qmail` files and aliases send on
    public Spawner lspawn(Intake forwards) throws IOException {
        return daemon.add(new LocalSpawner(new LocalSpawner.Parts(
                state.maildirs(),
                new RealDisk(state.maildirs()),
                state.users(),
                new SnapshotDirectory(state, clock),
                control,
                forwards,
                log,
                clock,
                control.lineOrMe("me"),
                LOCAL_DELIVERIES)));
    }

    /// qmail-rspawn.
    public Spawner rspawn() {
        return daemon.add(new RemoteSpawner(Surroundings.real(control, environment, log)));
    }
}
