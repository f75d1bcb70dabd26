package qrate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Postfix's own load generator, one message a connection: it takes less of the cores that it shares with the servers
/// than {@link SmtpLoad}, and tells nothing of single messages.
///
/// @param connections how many at once
/// @param bodyBytes size of the text after the header
record SourceLoad(int connections, int bodyBytes) implements Load {
    private static final Path PROGRAM = Path.of("/usr/sbin/smtp-source");

    static boolean installed() {
        return Files.isExecutable(PROGRAM);
    }

    @Override
    public String name() {
        return "%d connections, %d bytes, 1 a connection, by Postfix's smtp-source".formatted(connections, bodyBytes);
    }

    @Override
    public Sample run(int port, int messages) throws IOException {
        long start = System.nanoTime();
        Commands.run(
                PROGRAM.toString(),
                "-s",
                Integer.toString(connections),
                "-m",
                Integer.toString(messages),
                "-l",
                Integer.toString(bodyBytes),
                "-f",
                "a@client.test",
                "-t",
                "u0@" + Server.DOMAIN,
                "127.0.0.1:" + port);
        return new Sample(messages, System.nanoTime() - start, List.of());
    }
}
