"""What Schemathesis does not know by itself."""

import schemathesis


@schemathesis.serializer("application/x-protobuf")
def protobuf(context, value):
    """Bytes as they are: whether they mean anything is the server's to find out."""
    return value if isinstance(value, bytes) else str(value).encode()
