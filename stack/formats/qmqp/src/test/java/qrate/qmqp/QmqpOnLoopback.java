package qrate.qmqp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Service;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.testkit.LoopbackListener;

/// A server on loopback whose intake keeps what it is given.
abstract class QmqpOnLoopback {
    /// A message that was accepted.
    record Received(Envelope envelope, String body) {}

    @TempDir
    Path spool;

    final List<Received> received = new CopyOnWriteArrayList<>();
    final Intake keeper = (envelope, body) -> {
        try (InputStream in = body.open()) {
            received.add(new Received(envelope, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)));
            return new Verdict.Delivered("ok 1764000000 qp " + received.size());
        } catch (IOException e) {
            return new Verdict.Later(e.toString());
        }
    };

    Service server(Intake intake) {
        return new QmqpServer(_ -> intake, new Spool(spool), Log.silent());
    }

    static QmqpClient.Server at(LoopbackListener listener) {
        return new QmqpClient.Server("127.0.0.1", listener.port());
    }

    static String say(int port, String bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
