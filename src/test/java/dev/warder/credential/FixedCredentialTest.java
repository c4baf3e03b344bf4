package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.warder.config.ConfigReader;
import dev.warder.config.ConfigSources;
import dev.warder.config.FileWatch;
import dev.warder.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixedCredentialTest {
    private static final String KEY = "sk-" + "ant-api03-" + "k".repeat(20);
    private static final String OAT = "sk-" + "ant-oat01-" + "t".repeat(24);
    private static final String OTHER = "v".repeat(20);

    @Test
    void isOfTheKindOfItsValue() {
        assertThat(fixed(false, KEY).kind()).isEqualTo(CredentialSource.Kind.API_KEY);
        assertThat(fixed(true, KEY).kind()).isEqualTo(CredentialSource.Kind.API_KEY);
        assertThat(fixed(false, OTHER).kind()).isEqualTo(CredentialSource.Kind.API_KEY);
        assertThat(fixed(true, OTHER).kind()).isEqualTo(CredentialSource.Kind.BEARER);
        assertThat(fixed(false, OAT).kind()).isEqualTo(CredentialSource.Kind.OAUTH);
    }

    @Test
    void followsTheFileOfItsSecret(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("key"), KEY);
        var files = new FileWatch();
        var source = CredentialSource.fixed(configured("primary=file:" + file, files));
        assertThat(now(source)).isEqualTo(new UpstreamCredential.ApiKey(KEY));
        Files.writeString(file, OAT);
        files.poll();
        assertThat(now(source)).isEqualTo(new UpstreamCredential.BearerToken(OAT, true));
        assertThat(source.kind()).isEqualTo(CredentialSource.Kind.OAUTH);
    }

    @Test
    void hasNothingToRenew() {
        var source = fixed(false, KEY);
        assertThat(source.renewable()).isFalse();
        assertThat(source.outOfUse()).isEmpty();
        var failed = catchThrowable(
                () -> source.inPlaceOf(now(source)).toCompletableFuture().join());
        assertThat(failed)
                .hasCauseInstanceOf(CredentialUnavailableException.class)
                .hasMessageNotContaining(KEY);
    }

    private static CredentialSource fixed(boolean bearer, String value) {
        return CredentialSource.fixed(new ManagedCredential.Fixed("primary", 1, bearer, Secret.of(value)));
    }

    private static UpstreamCredential now(CredentialSource source) {
        return source.current().toCompletableFuture().join();
    }

    private static ManagedCredential.Fixed configured(String credentials, FileWatch files) {
        var settings = Map.<String, Object>of(
                "warder/upstream.url", "http://127.0.0.1:9", "warder/upstream.credentials", credentials);
        var sources = new ConfigSources(
                name -> Optional.ofNullable(settings.get(name)), Map.of(), Map.of(), name -> Optional.empty());
        var managed = new ConfigReader(sources, files, 1L << 30).read(ManagedSettings::read);
        return (ManagedCredential.Fixed) managed.credentials().get(0);
    }
}
