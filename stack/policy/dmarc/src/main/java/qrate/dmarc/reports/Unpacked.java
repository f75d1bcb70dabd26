package qrate.dmarc.reports;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// What is in a report's attachment, within limits: plain XML, gzip (RFC 1952), or the first file of a zip,
/// which older senders use. What a limit cuts off is an error and no end.
final class Unpacked extends InputStream {
    /// Most bytes of an attachment.
    static final long PACKED_BYTES_MAX = 10L << 20;

    /// Most bytes of XML.
    static final long XML_BYTES_MAX = 32L << 20;

    /// Most bytes of XML for each byte that was read, once there are many: reports are made smaller by 10 to 60.
    static final long RATIO_MAX = 200;

    /// How many bytes may come before the ratio counts.
    static final long RATIO_FREE_BYTES = 1L << 20;

    private static final int MAGIC_BYTES = 4;

    private final InputStream in;
    private final Source source;
    private long bytes;

    private Unpacked(InputStream in, Source source) {
        this.in = in;
        this.source = source;
    }

    /// The attachment, counted; remembers whether it was itself that broke.
    static final class Source extends FilterInputStream {
        private long bytes;
        private Optional<IOException> broken = Optional.empty();

        Source(InputStream in) {
            super(in);
        }

        void rethrow() throws IOException {
            if (broken.isPresent()) {
                throw broken.get();
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int count) throws IOException {
            int n;
            try {
                n = in.read(to, offset, count);
            } catch (IOException e) {
                broken = Optional.of(e);
                throw e;
            }
            bytes += Math.max(n, 0);
            if (bytes > PACKED_BYTES_MAX) {
                throw new IOException("larger than " + PACKED_BYTES_MAX + " bytes");
            }
            return n;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    static InputStream of(Source source) throws IOException {
        BufferedInputStream in = new BufferedInputStream(source);
        in.mark(MAGIC_BYTES);
        byte[] magic = in.readNBytes(MAGIC_BYTES);
        in.reset();
        if (magic.length >= 2 && magic[0] == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return new Unpacked(new GZIPInputStream(in), source);
        }
        if (magic.length >= 2 && magic[0] == 'P' && magic[1] == 'K') {
            ZipInputStream zip = new ZipInputStream(in);
            ZipEntry first = zip.getNextEntry();
            if (first == null || first.isDirectory()) {
                throw new IOException("no file stands first in the zip");
            }
            return new Unpacked(zip, source);
        }
        return new Unpacked(in, source);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        int n = in.read(to, offset, count);
        bytes += Math.max(n, 0);
        if (bytes > XML_BYTES_MAX) {
            throw new IOException("more than " + XML_BYTES_MAX + " bytes of XML");
        }
        if (bytes > RATIO_FREE_BYTES && bytes > source.bytes * RATIO_MAX) {
            throw new IOException("unpacks to more than " + RATIO_MAX + " times its size");
        }
        return n;
    }
}
