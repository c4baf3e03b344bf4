package dev.warder.ledger.store;

import static dev.warder.ledger.store.RecordValues.id;
import static dev.warder.ledger.store.RecordValues.text;
import static dev.warder.ledger.store.RecordValues.time;

import dev.warder.http.Dialect;
import dev.warder.usage.UsageRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;

/**
 * Intents and rows as bytes of the journal. The first byte is the kind and, with it, the version: a change of the format
 * gets new kinds, and the old ones stay readable.
 */
public final class RecordCodec {
    private static final int INTENT = 1;
    private static final int SETTLED = 2;
    private static final int CHARGED = 3;
    private static final int HOLDING_INTENT = 4;
    private static final int HELD_INSTEAD = 5;
    private static final int SETTLED_WITH_TEAMS = 6;
    private static final int CHARGED_WITH_TEAMS = 7;

    private RecordCodec() {}

    /** The kind of a record: one of the three. */
    public record Decoded(
            Optional<Intent> intent, Optional<Intent.Settled> settled, Optional<HeldInstead> heldInstead) {
        private static Decoded of(Intent intent) {
            return new Decoded(Optional.of(intent), Optional.empty(), Optional.empty());
        }

        private static Decoded of(Intent.Settled settled) {
            return new Decoded(Optional.empty(), Optional.of(settled), Optional.empty());
        }

        private static Decoded of(HeldInstead held) {
            return new Decoded(Optional.empty(), Optional.empty(), Optional.of(held));
        }
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    public static byte[] encode(Intent intent) {
        return bytes(out -> {
            out.writeByte(intent.held().isPresent() ? HOLDING_INTENT : INTENT);
            id(out, intent.id());
            time(out, intent.admitted());
            text(out, intent.requestId());
            text(out, intent.client());
            text(out, intent.session());
            out.writeUTF(intent.dialect().name());
            text(out, intent.model());
            if (intent.held().isPresent()) {
                charged(out, intent.held().get().charged());
                out.writeLong(intent.held().get().nanos());
            }
        });
    }

    public static byte[] encode(HeldInstead held) {
        return bytes(out -> {
            out.writeByte(HELD_INSTEAD);
            id(out, held.intent());
            out.writeLong(held.nanos());
        });
    }

    /** The record of what is settled. Without a team it is written as before, so that an earlier version reads it. */
    public static byte[] encode(Intent.Settled settled) {
        return bytes(out -> {
            boolean teams =
                    settled.rows().stream().anyMatch(row -> row.caller().team().isPresent());
            boolean charged = settled.charged().isPresent();
            if (teams) {
                out.writeByte(charged ? CHARGED_WITH_TEAMS : SETTLED_WITH_TEAMS);
            } else {
                out.writeByte(charged ? CHARGED : SETTLED);
            }
            out.writeBoolean(settled.intent().isPresent());
            if (settled.intent().isPresent()) {
                id(out, settled.intent().get());
            }
            out.writeInt(settled.rows().size());
            for (var row : settled.rows()) {
                RowCodec.write(out, row, teams);
            }
            if (charged) {
                charged(out, settled.charged().get());
            }
        });
    }

    /** Whether these bytes are of an intent, or of what it holds. */
    public static boolean isOfIntent(byte[] bytes) {
        return bytes[0] == INTENT || bytes[0] == HOLDING_INTENT || bytes[0] == HELD_INSTEAD;
    }

    /**
     * Reads a record.
     *
     * @throws IOException when these are not the bytes of a known kind
     */
    public static Decoded decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return switch (in.readByte()) {
                case INTENT -> Decoded.of(intent(in, false));
                case HOLDING_INTENT -> Decoded.of(intent(in, true));
                case HELD_INSTEAD -> Decoded.of(new HeldInstead(id(in), in.readLong()));
                case SETTLED -> Decoded.of(settled(in, false, false));
                case CHARGED -> Decoded.of(settled(in, true, false));
                case SETTLED_WITH_TEAMS -> Decoded.of(settled(in, false, true));
                case CHARGED_WITH_TEAMS -> Decoded.of(settled(in, true, true));
                default -> throw new IOException("a kind of a newer version");
            };
        } catch (IllegalArgumentException newer) {
            throw new IOException("a value of a newer version", newer);
        }
    }

    private static byte[] bytes(Writing writing) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static Intent intent(DataInputStream in, boolean holds) throws IOException {
        return new Intent(
                id(in),
                time(in),
                in.readUTF(),
                text(in),
                text(in),
                Dialect.valueOf(in.readUTF()),
                text(in),
                holds ? Optional.of(new HeldAmount(charged(in), in.readLong())) : Optional.empty());
    }

    private static Intent.Settled settled(DataInputStream in, boolean charged, boolean teams) throws IOException {
        Optional<UUID> intent = in.readBoolean() ? Optional.of(id(in)) : Optional.empty();
        var rows = new ArrayList<UsageRow>();
        for (int left = in.readInt(); left > 0; left--) {
            rows.add(RowCodec.read(in, teams));
        }
        return new Intent.Settled(intent, rows, charged ? Optional.of(charged(in)) : Optional.empty());
    }

    private static void charged(DataOutputStream out, Charged charged) throws IOException {
        id(out, charged.run());
        out.writeInt(charged.periods().size());
        for (var period : charged.periods()) {
            out.writeUTF(period.budget());
            time(out, period.start());
        }
    }

    private static Charged charged(DataInputStream in) throws IOException {
        var run = id(in);
        var periods = new ArrayList<PeriodKey>();
        for (int left = in.readInt(); left > 0; left--) {
            periods.add(new PeriodKey(in.readUTF(), time(in)));
        }
        return new Charged(run, periods);
    }
}
