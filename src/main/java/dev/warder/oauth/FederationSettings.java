package dev.warder.config;

import java.net.URI;
import java.util.Optional;

/**
 * Workload identity (RFC 7523): an identity token of the platform is exchanged for a token of the API, settings
 * {@code federation.*}.
 *
 * @param tokenUrl where it is exchanged
 * @param ruleId the federation rule to apply
 * @param organizationId whose rule it is
 * @param serviceAccountId which service account is meant, where the rule leaves that open
 * @param workspaceId which workspace is meant, where the rule leaves that open
 * @param identityToken what the platform issues. Its {@code reveal()} reads a file each time and so waits for the
 *     disk: to be called for each exchange, and on no thread that serves requests. A file that cannot be used leaves what
 *     was read before, and is logged once
 */
public record Federation(
        URI tokenUrl,
        String ruleId,
        String organizationId,
        Optional<String> serviceAccountId,
        Optional<String> workspaceId,
        Secret identityToken) {}
