package qrate.images.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import qrate.address.User;
import qrate.core.Body;
import qrate.core.Verdict;
import qrate.local.deliver.Mailing;
import qrate.local.deliver.OtherUsers;
import qrate.posix.Child;
import qrate.posix.Posix;
import qrate.posix.Redirection;

/// qmail-lspawn's way to a user of the system: qmail-local as a process of that user (qmail-lspawn(8)).
///
/// @param uid who this process is
/// @param environment the program's own
record AsUser(Posix posix, long uid, Map<String, String> environment) implements OtherUsers {
    /// Whom qmail-local is to become, `UID:GID`.
    static final String BECOME = "QRATE_BECOME";

    private static final long RUN_MILLIS_MAX = TimeUnit.MINUTES.toMillis(10);
    private static final int OUTPUT_BYTES_MAX = 4000;
    private static final int HARD = 100;

    @Override
    public Optional<Verdict> deliver(Mailing mailing, User user, String defaultDelivery) {
        if (user.uid() == 0) {
            return Optional.of(new Verdict.Later("Not allowed to perform deliveries as root. (#4.3.5)"));
        }
        if (!user.home().startsWith("/") || (uid != 0 && user.uid() != uid)) {
            return Optional.empty();
        }
        Map<String, String> all = new TreeMap<>(environment);
        if (user.uid() != uid) {
            all.put(BECOME, user.uid() + ":" + user.gid());
        }
        Posix.Command command = new Posix.Command(
                List.of(
                        "qmail-local",
                        "--",
                        user.name(),
                        user.home(),
                        mailing.to().local(),
                        user.dash(),
                        user.ext(),
                        mailing.to().domain(),
                        mailing.job().sender(),
                        defaultDelivery),
                all);
        try (Child child = posix.spawn(
                command,
                Map.of(0, new Redirection.Fed(), 1, new Redirection.Drained(), 2, new Redirection.Drained()))) {
            Thread.ofVirtual().start(() -> feed(child, mailing.job().body()));
            // neither of the two can fill its pipe while the other is read
            StringBuilder said = new StringBuilder();
            Thread err = Thread.ofVirtual().start(() -> said.append(read(child.drain(2))));
            String out = read(child.drain(1));
            Optional<Child.End> end = child.await(RUN_MILLIS_MAX);
            err.join();
            return Optional.of(verdict(end, out + said));
        } catch (IOException e) {
            return Optional.of(new Verdict.Later("Unable to run qmail-local: " + e.getMessage() + ". (#4.3.0)"));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of(new Verdict.Later("Stopped while qmail-local ran. (#4.3.0)"));
        }
    }

    private static Verdict verdict(Optional<Child.End> end, String said) {
        if (end.isPresent() && end.get() instanceof Child.End.Exited(int code)) {
            return switch (code) {
                case 0 -> new Verdict.Delivered(said);
                case HARD -> new Verdict.Never(said);
                default -> new Verdict.Later(said);
            };
        }
        return new Verdict.Later(
                end.isPresent() ? "Aack, child crashed. (#4.3.0)" : "qmail-local ran too long. (#4.3.0)");
    }

    private static void feed(Child child, Body body) {
        try (OutputStream out = child.feed(0);
                InputStream in = body.open()) {
            in.transferTo(out);
        } catch (IOException _) {
            // it has not read all: its exit code says why
        }
    }

    private static String read(InputStream in) {
        try {
            byte[] said = in.readNBytes(OUTPUT_BYTES_MAX);
            in.skip(Long.MAX_VALUE);
            return new String(said, StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }

    /// Becomes whom {@link #BECOME} names, for qmail-local below an lspawn that is root.
    static void become(Posix posix, Map<String, String> environment) throws IOException {
        String[] ids = environment.getOrDefault(BECOME, "").split(":", -1);
        if (ids.length == 2) {
            posix.become(Integer.parseInt(ids[0]), Integer.parseInt(ids[1]));
        }
    }
}
