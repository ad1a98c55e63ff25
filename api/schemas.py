"""What OpenAPI is told of the answers; a record may hold more than is named here."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """An answer; further fields may be added to it."""

    model_config = ConfigDict(extra="allow")


class Found(Answer):
    """A region that a network painted."""

    network: str
    number: int = Field(description="of its place, shared by networks that mark the same")
    box: list[int] = Field(description="x, y, width, height in pixels of the film")
    mean_probability: float = Field(ge=0, le=1)
    marked_by: list[str] = Field(description="all networks that mark its place")
    measured: dict[str, Any] | None = Field(
        description="what share of such findings was right where it was measured"
    )


class Record(Answer):
    """What became of one X-ray: `error`, or a `verdict`."""

    file: str = Field(description="its name, within an archive too")
    error: str | None = Field(None, description="why it cannot be read")
    verdict: Literal["fracture", "doubtful", "no_fracture", "refused"] | None = None
    gate_probability: float | None = Field(None, ge=0, le=1)
    findings: list[Found] | None = None
    cautions: list[str] | None = Field(None, description="keys of what is unusual about the film")
    kind: str | None = Field(None, description="of a refused picture: what it looks like")
    reason: str | None = Field(None, description="why it is refused")
    remedy: str | None = Field(None, description="what would pass")


class Predictions(Answer):
    """Records in the order of the films."""

    notice: str
    attribution: str
    results: list[Record]
    studies: list[dict[str, Any]] = Field(
        description="verdict of each study that the DICOM headers name, and what its views add"
    )


class Health(Answer):
    """Whether the server can answer, and how busy it is."""

    status: Literal["ok"]
    inside: int = Field(description="requests at work or waiting")
    room: int = Field(description="requests that may still come in")


class Version(Answer):
    """What answers: the software, and each network's file."""

    software: str
    version: str
    precision: str = Field(description="float32 or int8")
    networks: dict[str, str] = Field(description="SHA-256 of each file, by network")
    runtimes: dict[str, str] = Field(description="what runs each: litert, openvino or keras")
    notice: str


class Thresholds(Answer):
    """Where probabilities become answers."""

    precision: str = Field(description="float32 or int8")
    doubtful: float
    fracture: float
    mask: dict[str, float]
    min_lesion_share: float
    screening: dict[str, Any]
    notice: str


PREDICTIONS: dict[int | str, dict[str, Any]] = {200: {"description": "A record for each X-ray."}}
