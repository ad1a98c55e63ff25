"""X-rays are worked on ahead: in order, no more at once than asked for, faults in their turn."""

import threading

import pytest

from fracturelens.batch.ahead import work_ahead


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("at_once", [1, 2, 3, 9])
def test_results_come_in_order_and_nothing_is_taken_before_there_is_room(at_once, workers):
    taken, given = [], []

    def items():
        for number in range(7):
            taken.append(number)
            yield number

    for number, square in work_ahead(lambda number: number**2, items(), at_once, workers):
        assert len(taken) - len(given) <= at_once
        given.append((number, square))
    assert given == [(number, number**2) for number in range(7)]


def test_the_next_is_worked_on_while_this_one_is_the_callers():
    begun = threading.Event()

    def work(number):
        if number:
            begun.set()
        return number

    results = work_ahead(work, range(3), 2, workers=1)
    assert next(results) == (0, 0)
    assert begun.wait(30)
    assert list(results) == [(1, 1), (2, 2)]


def test_a_fault_is_raised_in_its_turn():
    results = work_ahead(lambda number: 1 // number, [2, 1, 0, 1], 2, workers=2)
    assert [next(results), next(results)] == [(2, 0), (1, 1)]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_who_stops_early_waits_for_no_more_than_what_is_worked_on():
    done = []
    results = work_ahead(done.append, range(100), 2, workers=2)
    next(results)
    results.close()
    assert len(done) <= 2
