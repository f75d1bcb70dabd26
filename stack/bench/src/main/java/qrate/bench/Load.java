package qrate.bench;

import java.io.IOException;

/// A client that sends messages by SMTP.
interface Load {
    /// What the tables call it.
    String name();

    /// Sends `messages` in all to a port of 127.0.0.1.
    Sample run(int port, int messages) throws IOException;
}
