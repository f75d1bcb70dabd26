package qrate.smoketests;

import static qrate.smoketests.Doors.require;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The same at the door for browsers: in small doses, what could shut it or open it to everybody.
final class AdminDoor {
    /// Lines of a body that once took a frame of the stack each.
    private static final int BODY_LINES = 1_000;

    /// Half requests at once: fewer than the door has for one client in the smallest heap, 16.
    private static final int HALVES = 10;

    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final int CONNECT_MILLIS_MAX = 3_000;

    private final URI url;
    private final Target target;

    /// @param url of the admin service
    /// @param target whose mail it administers
    AdminDoor(URI url, Target target) {
        this.url = url;
        this.target = target;
    }

    /// @param everywhere whether it listens where everybody comes by because somebody said so
    void run(Report report, boolean everywhere) {
        report.check("admin is well", () -> answers("/healthz"));
        report.check("admin answers beside half requests", this::answersBesideHalves);
        report.check("admin answers an odd unsubscription with an answer", this::answersOddBody);
        report.check("admin's pages want a sign-in", this::wantsSignIn);
        if (!everywhere) {
            report.check("admin is not where mail is", this::isNotWhereMailIs);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(ANSWER_MAX)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Tls.context(target.insecure()))
                .build()) {
            return client.send(request.timeout(ANSWER_MAX).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create(url.toString().replaceFirst("/+$", "") + path));
    }

    private void answers(String path) throws IOException {
        HttpResponse<String> answer = send(at(path).GET());
        require(answer.statusCode() == 200, path + " says " + answer.statusCode() + ": " + answer.body());
    }

    private boolean secured() {
        return "https".equals(url.getScheme());
    }

    private int port() {
        return url.getPort() >= 0 ? url.getPort() : secured() ? 443 : 80;
    }

    private void answersBesideHalves() throws IOException {
        List<RawClient> halves = new ArrayList<>();
        Target door = new Target(url.getHost(), target.ports(), target.insecure());
        try {
            for (int i = 0; i < HALVES; i++) {
                RawClient wire = secured() ? RawClient.secured(door, port()) : RawClient.plain(door, port());
                halves.add(wire);
                // the largest header that is taken, but for its end
                wire.send(("GET / HTTP/1.1\r\nHost: " + url.getHost() + "\r\nX-Half: " + "a".repeat(15_000))
                        .getBytes(StandardCharsets.US_ASCII));
            }
            answers("/sign-in");
        } finally {
            for (RawClient wire : halves) {
                wire.close();
            }
        }
    }

    private void answersOddBody() throws IOException {
        HttpResponse<String> answer = send(at("/unsubscribe")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(HttpRequest.BodyPublishers.ofString("name=List-Unsubscribe\n" + "a\n".repeat(BODY_LINES))));
        require(answer.statusCode() / 100 == 4, "it says " + answer.statusCode());
        require(
                answer.headers().firstValue("Content-Security-Policy").isPresent(),
                "its answer has no Content-Security-Policy");
        answers("/sign-in");
    }

    private void wantsSignIn() throws IOException {
        for (String path : List.of("/domains", "/queue", "/administrators", "/access", "/audit", "/account")) {
            HttpResponse<String> answer = send(at(path).GET());
            String to = answer.headers().firstValue("Location").orElse("");
            require(answer.statusCode() == 303 && to.endsWith("/sign-in"), path + " says " + answer.statusCode());
        }
        HttpResponse<String> api = send(at("/api/v1/domains").GET());
        require(api.statusCode() == 401, "REST says " + api.statusCode() + " without a token");
    }

    /// The other addresses of this machine, or of the one that mail goes to: plain HTTP is not for them.
    private void isNotWhereMailIs() throws IOException {
        List<InetAddress> own = List.of(InetAddress.getAllByName(url.getHost()));
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getAllByName(target.host())));
        if (Target.isHere(target.host())) {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                others.addAll(Collections.list(one.getInetAddresses()));
            }
        }
        for (InetAddress other : others) {
            if (!own.contains(other) && !other.isLoopbackAddress()) {
                require(!speaksHttp(other), "plain HTTP is answered at " + other.getHostAddress() + " port " + port());
            }
        }
    }

    private boolean speaksHttp(InetAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port()), CONNECT_MILLIS_MAX);
            socket.setSoTimeout(CONNECT_MILLIS_MAX);
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: smoke.invalid\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] start = socket.getInputStream().readNBytes(12);
            return new String(start, StandardCharsets.US_ASCII).matches("HTTP/1\\.1 [23].*");
        } catch (IOException _) {
            return false; // nobody is there, or nobody who speaks HTTP
        }
    }
}
