package dev.boardwalk.store;

import io.minio.errors.ErrorResponseException;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns what an S3 answers into the store's own family. */
final class S3Errors {

    private S3Errors() {}

    static StoreException of(String attempted, S3Settings settings, Throwable failure) {
        String message = "cannot " + attempted + " (" + settings + "): ";
        ErrorResponseException answer = find(failure, ErrorResponseException.class);
        if (answer == null) {
            SSLException tls = find(failure, SSLException.class);
            if (tls != null) {
                return new StoreException.ObjectsUnsuitable(
                        message + "no trust in the connection: " + tls.getMessage()
                                + "; a server with an authority of its own needs BOARDWALK_S3_CA",
                        failure);
            }
            IOException lost = find(failure, IOException.class);
            return new StoreException.ObjectsUnavailable(message + (lost == null ? failure : lost), failure);
        }
        int status = answer.response().code();
        String code = String.valueOf(answer.errorResponse().code());
        return switch (code) {
            case "NoSuchKey" -> new StoreException.ObjectMissing(message + "there is none", failure);
            case "NoSuchBucket" ->
                new StoreException.ObjectsUnsuitable(message + "the bucket does not exist; make it first", failure);
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                new StoreException.ObjectsUnsuitable(
                        message + "the credentials are wrong (" + code + "); see BOARDWALK_S3_ACCESS_KEY", failure);
            case "RequestTimeTooSkewed" ->
                new StoreException.ObjectsUnsuitable(
                        message + "the clocks of this machine and of the server disagree by minutes", failure);
            case "XMinioStorageFull", "XMinioStorageQuotaExceeded", "QuotaExceeded" ->
                new StoreException.ObjectsFull(message + "no room left (" + code + ")", failure);
            default -> byStatus(status, message + "HTTP " + status + ", " + code, failure);
        };
    }

    private static StoreException byStatus(int status, String message, Throwable failure) {
        return switch (status) {
            case 404 -> new StoreException.ObjectMissing(message, failure);
            case 507 -> new StoreException.ObjectsFull(message, failure);
            case 408, 409, 429 -> new StoreException.ObjectsUnavailable(message, failure);
            default ->
                status >= 500
                        ? new StoreException.ObjectsUnavailable(message, failure)
                        : new StoreException.ObjectsUnsuitable(message, failure);
        };
    }

    /** A conditional write found the key taken. */
    static boolean isTaken(Throwable failure) {
        ErrorResponseException answer = find(failure, ErrorResponseException.class);
        return answer != null && answer.response().code() == 412;
    }

    /** A part was asked for that begins behind the end. */
    static boolean endsBefore(Throwable failure) {
        ErrorResponseException answer = find(failure, ErrorResponseException.class);
        return answer != null && answer.response().code() == 416;
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return kind.cast(at);
            }
        }
        return null;
    }
}
