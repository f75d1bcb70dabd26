package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import qrate.core.Lru;
import qrate.snapshots.AppPassword;
import qrate.snapshots.Directory;

/// Tells whoever shows owners their last logins where one came from: account, door, address and the app password that
/// it came with, each ended by NUL, then the end.
///
/// A program that asks for mail each minute is told of once an hour. Nothing waits for it: what nobody takes is lost,
/// and told again by the next login.
public final class LoginNotes {
    /// Name of the socket, beside the password snapshots: whoever may read hashes may say who has logged in.
    public static final String SOCKET = "logins.sock";

    /// Longest note in bytes.
    public static final int NOTE_BYTES_MAX = 1024;

    /// How long the same account is not told of again from the same address by the same door.
    static final Duration AGAIN = Duration.ofHours(1);

    /// Places remembered at once.
    static final int PLACES_MAX = 20_000;

    private final InstantSource clock;
    private final Listener listener;
    private final Map<String, Instant> told = new Lru<>(PLACES_MAX);

    /// Who is told.
    @FunctionalInterface
    interface Listener {
        /// @return whether it was taken
        boolean take(byte[] note);
    }

    LoginNotes(InstantSource clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    /// For whoever listens on a Unix socket.
    static LoginNotes at(Path socket, InstantSource clock) {
        return new LoginNotes(clock, note -> send(socket, note));
    }

    private static boolean send(Path socket, byte[] note) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // where too many wait already, it is lost
            return channel.connect(UnixDomainSocketAddress.of(socket))
                    && channel.write(ByteBuffer.wrap(note)) == note.length;
        } catch (IOException _) {
            return false; // nobody listens: the mail goes on without
        }
    }

    /// Notes a login.
    void note(Directory.Account account, PasswordChecker.Asker door, String remote, Optional<AppPassword> app) {
        String note = String.join(
                        "\0",
                        account.address(),
                        door.name(),
                        remote.replace('\0', ' '),
                        app.map(AppPassword::id).orElse(""))
                + "\0";
        byte[] bytes = note.getBytes(UTF_8);
        if (bytes.length <= NOTE_BYTES_MAX && isNew(note) && !listener.take(bytes)) {
            synchronized (told) {
                told.remove(note);
            }
        }
    }

    private boolean isNew(String note) {
        Instant now = clock.instant();
        synchronized (told) {
            Instant before = told.get(note);
            boolean fresh = before == null || !now.isBefore(before.plus(AGAIN));
            if (fresh) {
                told.put(note, now);
            }
            return fresh;
        }
    }
}
