"""What the server is: health, version, cards and thresholds; the GET routes."""

from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from fastapi import APIRouter

from api.desk import Desk, TheDesk
from api.problems import Problem, problem_answers
from api.schemas import Health, Thresholds, Version
from fracturelens.networks.predictor import Predictor
from fracturelens.screening.network import SCREENING
from important_variables import DISCLAIMER

MISDIRECTED = problem_answers(421)


health_router = APIRouter(tags=["server"])
router = APIRouter(tags=["server"])


@health_router.get("/health", summary="Whether the server can answer", responses=MISDIRECTED)
async def health(desk: TheDesk) -> Health:
    """Answers while the networks are loaded, without a key; how many requests are inside."""
    return Health(status="ok", inside=desk.inside, room=desk.room)


@router.get("/version", summary="Software and files that answer", responses=MISDIRECTED)
async def version_(desk: TheDesk) -> Version:
    """The version, the SHA-256 of each network's file, and what runs it."""
    return Version(
        software="FractureLens",
        version=package_version(),
        precision=desk.engine.precision,
        networks={name: network.digest for name, network in _networks(desk).items()},
        runtimes={name: network.runtime for name, network in _networks(desk).items()},
        notice=DISCLAIMER,
    )


@router.get("/thresholds", summary="Where probabilities become answers", responses=MISDIRECTED)
async def thresholds(desk: TheDesk) -> Thresholds:
    """Those in use, chosen on validation."""
    screening = desk.engine.screening
    limits = dict(screening.card.thresholds_at(screening.precision)) if screening else {}
    chosen = asdict(desk.engine.thresholds)
    return Thresholds(
        precision=desk.engine.precision, screening=limits, notice=DISCLAIMER, **chosen
    )


@router.get("/cards", summary="All model cards", responses=MISDIRECTED)
async def cards(desk: TheDesk) -> dict[str, dict[str, Any]]:
    """Each network's card by its name: contract, training, data, figures, limits."""
    return {name: _card(network) for name, network in _networks(desk).items()}


@router.get("/cards/{network}", summary="One model card", responses=problem_answers(404, 421))
async def card(desk: TheDesk, network: str) -> dict[str, Any]:
    """The card of one network."""
    networks = _networks(desk)
    if network not in networks:
        raise Problem(404, f"There are the networks {', '.join(networks)}.")
    return _card(networks[network])


def package_version() -> str:
    """The version of FractureLens; "unknown" where it runs without having been installed."""
    try:
        return version("fracturelens")
    except PackageNotFoundError:
        return "unknown"


def _networks(desk: Desk) -> dict[str, Predictor]:
    screening = {SCREENING: desk.engine.screening} if desk.engine.screening else {}
    return {**desk.engine.networks, **screening}


def _card(network: Predictor) -> dict[str, Any]:
    return msgspec.to_builtins(network.card)
