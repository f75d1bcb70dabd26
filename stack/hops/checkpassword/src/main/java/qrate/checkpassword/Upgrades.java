package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import qrate.core.Log;

/// Takes the login and the password of whoever signed in against a hash older than bcrypt to the one who may write
/// hashes. They are sent as checkpassword takes them: each ended by NUL, then the end.
@FunctionalInterface
public interface Upgrades {
    /// Name of the socket, beside the password snapshots. Whoever may read hashes may connect, and can do no more by it
    /// than by signing in: the other side checks the password itself.
    String SOCKET = "upgrade.sock";

    /// Longest offer in bytes.
    int OFFER_BYTES_MAX = Vchkpw.LOGIN_CHARS_MAX + Vchkpw.PASSWORD_BYTES_MAX + 2;

    /// Offers a login; never waits, and nothing is lost when nobody listens: the next login offers it again.
    void offer(String account, byte[] password);

    /// Offers them to whoever listens on a Unix socket.
    static Upgrades at(Path socket, Log log) {
        return (account, password) -> {
            byte[] offer = bytes(account, password);
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel.configureBlocking(false); // one offer fits into the socket's buffer
                channel.write(ByteBuffer.wrap(offer));
            } catch (IOException e) {
                log.line("vchkpw: hash not upgraded: " + Log.escape(account) + ": " + e.getMessage());
            } finally {
                Arrays.fill(offer, (byte) 0);
            }
        };
    }

    private static byte[] bytes(String account, byte[] password) {
        byte[] login = account.getBytes(UTF_8);
        byte[] offer = Arrays.copyOf(login, login.length + password.length + 2);
        System.arraycopy(password, 0, offer, login.length + 1, password.length);
        return offer;
    }
}
