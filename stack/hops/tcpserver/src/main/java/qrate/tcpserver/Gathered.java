package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.posix.Sockets;

/// The TCP environment of a connection (tcp-environ(5)), as far as it was asked for.
///
/// @param host TCPREMOTEHOST, or `""`
/// @param info TCPREMOTEINFO, or `""`
/// @param localHost TCPLOCALHOST, or `""`
record Gathered(Sockets.Ends ends, String localHost, String host, String info) {
    /// Variables of a connection, which a child must not have from its grandparent.
    private static final List<String> STALE =
            List.of("TCPLOCALHOST", "TCPREMOTEHOST", "TCPREMOTEINFO", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");

    private static final int IDENT_PORT = 113;
    private static final int IDENT_BYTES_MAX = 1000;

    /// Asks the resolver and the client's host.
    static Gathered of(Sockets sockets, Sockets.Ends ends, Options.Questions questions) throws IOException {
        String local = questions.local().isPresent()
                ? questions.local().get()
                : name(sockets.name(ends.local().getAddress()));
        String host = questions.host() ? name(sockets.name(ends.remote().getAddress())) : "";
        if (questions.paranoid()
                && !host.isEmpty()
                && !leadsTo(host, ends.remote().getAddress())) {
            host = "";
        }
        String info = questions.info() ? ident(ends, Duration.ofSeconds(questions.infoSeconds())) : "";
        return new Gathered(ends, local, host, info);
    }

    /// A name that can stand in an environment and in a log line, else none.
    private static String name(Optional<String> asked) {
        return asked.filter(n -> n.chars().allMatch(c -> c > ' ' && c < 0x7f)).orElse("");
    }

    private static boolean leadsTo(String host, InetAddress address) {
        try {
            return List.of(InetAddress.getAllByName(host)).contains(address);
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /// Asks who the client's user is (RFC 1413); whatever goes wrong, the answer is that nobody knows.
    private static String ident(Sockets.Ends ends, Duration wait) {
        try (Socket socket = new Socket()) {
            int millis = Math.clamp(wait.toMillis(), 1, Integer.MAX_VALUE);
            long end = System.nanoTime() + wait.toNanos();
            socket.bind(new InetSocketAddress(ends.local().getAddress(), 0));
            socket.connect(new InetSocketAddress(ends.remote().getAddress(), IDENT_PORT), millis);
            socket.setSoTimeout(millis);
            String question = ends.remote().getPort() + " , " + ends.local().getPort() + "\r\n";
            socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            for (int b = socket.getInputStream().read();
                    b >= 0 && b != '\n' && answer.length() < IDENT_BYTES_MAX && System.nanoTime() < end;
                    b = socket.getInputStream().read()) {
                answer.append((char) b);
            }
            return user(answer.toString());
        } catch (IOException _) {
            return "";
        }
    }

    /// `port , port : USERID : system : user`.
    static String user(String answer) {
        String[] parts = answer.split(":", 4);
        boolean good = parts.length == 4 && parts[1].strip().equals("USERID");
        String user = good ? parts[3].strip() : "";
        return user.chars().allMatch(c -> c > ' ' && c < 0x7f) ? user : "";
    }

    /// The environment of the program: this process's, the connection's, then the rule's.
    Map<String, String> environment(Map<String, String> process, Map<String, String> rule) {
        Map<String, String> environment = new TreeMap<>(process);
        STALE.forEach(environment::remove);
        environment.put("PROTO", "TCP");
        environment.put("TCPLOCALIP", Ip.text(ends.local().getAddress()));
        environment.put("TCPLOCALPORT", Integer.toString(ends.local().getPort()));
        environment.put("TCPREMOTEIP", Ip.text(ends.remote().getAddress()));
        environment.put("TCPREMOTEPORT", Integer.toString(ends.remote().getPort()));
        Map<String, String> asked = Map.of("TCPLOCALHOST", localHost, "TCPREMOTEHOST", host, "TCPREMOTEINFO", info);
        asked.forEach((name, value) -> {
            if (!value.isEmpty()) {
                environment.put(name, value);
            }
        });
        environment.putAll(rule);
        return environment;
    }

    /// `localhost:localip:localport remotehost:remoteip:remoteinfo:remoteport`.
    String forLog() {
        return localHost + ":" + Ip.text(ends.local().getAddress()) + ":"
                + ends.local().getPort() + " " + host + ":"
                + Ip.text(ends.remote().getAddress()) + ":" + info + ":"
                + ends.remote().getPort();
    }
}
