package qrate.httpd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/// Counts the bytes that a connection moves.
record Metered(LongConsumer meter) {
    static void wrap(StreamConnection connection, LongConsumer meter) {
        Metered metered = new Metered(meter);
        connection
                .getSourceChannel()
                .setConduit(metered.new Source(connection.getSourceChannel().getConduit()));
        connection
                .getSinkChannel()
                .setConduit(metered.new Sink(connection.getSinkChannel().getConduit()));
    }

    private long counted(long bytes) {
        meter.accept(bytes);
        return bytes;
    }

    private int counted(int bytes) {
        return (int) counted((long) bytes);
    }

    private final class Source extends AbstractStreamSourceConduit<StreamSourceConduit> {
        Source(StreamSourceConduit next) {
            super(next);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return counted(super.read(into));
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            return counted(super.read(into, offset, length));
        }

        @Override
        public long transferTo(long position, long count, FileChannel to) throws IOException {
            return counted(super.transferTo(position, count, to));
        }

        @Override
        public long transferTo(long count, ByteBuffer through, StreamSinkChannel to) throws IOException {
            return counted(super.transferTo(count, through, to));
        }
    }

    private final class Sink extends AbstractStreamSinkConduit<StreamSinkConduit> {
        Sink(StreamSinkConduit next) {
            super(next);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return counted(super.write(from));
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            return counted(super.write(from, offset, length));
        }

        @Override
        public int writeFinal(ByteBuffer from) throws IOException {
            return counted(super.writeFinal(from));
        }

        @Override
        public long writeFinal(ByteBuffer[] from, int offset, int length) throws IOException {
            return counted(super.writeFinal(from, offset, length));
        }

        @Override
        public long transferFrom(FileChannel from, long position, long count) throws IOException {
            return counted(super.transferFrom(from, position, count));
        }

        @Override
        public long transferFrom(StreamSourceChannel from, long count, ByteBuffer through) throws IOException {
            return counted(super.transferFrom(from, count, through));
        }
    }
}
