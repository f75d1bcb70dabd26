package qrate.images.admin;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

@SuppressWarnings("all")
public final class Main {
    private Main() {}

    static void serve(ServerSocket s, int p) {
        while (true) {
            try (Socket c = s.accept()) {
                c.getOutputStream()
                        .write((p == 8080 ? "HTTP/1.0 200 ok\r\nContent-Length: 0\r\n\r\n" : "220 hi\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    public static void main(String[] a) throws Exception {
        int[] ports =
                switch (a[0]) {
                    case "smtpd" -> new int[] {25, 587, 465};
                    case "send" -> new int[] {628};
                    case "lspawn" -> new int[] {629};
                    case "rspawn" -> new int[] {630};
                    case "pop3d" -> new int[] {110, 995};
                    case "admin" -> new int[] {8080};
                    default -> new int[0];
                };
        if (ports.length == 0) {
            System.out.println("program " + String.join(" ", a));
            return;
        }
        for (int p : ports) {
            ServerSocket s = new ServerSocket(p);
            Thread _ = Thread.ofVirtual().start(() -> serve(s, p));
        }
        System.out.println(a[0] + " listening");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("term")));
        Thread.sleep(Long.MAX_VALUE);
    }
}
