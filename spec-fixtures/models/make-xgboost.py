"""Makes xgboost-*.json and xgboost-cases.json of this folder: models of XGBoost with what that library itself predicts.

Run with Debian 12's python3-xgboost (1.7.4): /usr/bin/python3 make-xgboost.py
The data are made up by the formula below; the models mean nothing. What is tested is that our reader scores them as the
library does, with missing values, categorical splits (one category, and a set of them), values on a threshold, and
categories that the training never saw.
"""
import json
import os

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["amount", "age", "speed", "share", "rare", "kind", "shop", "hour"]
TYPES = ["float", "float", "float", "float", "float", "c", "c", "int"]


def people(count, seed):
    r = np.random.default_rng(seed)
    x = np.empty((count, len(NAMES)))
    x[:, 0] = np.exp(r.normal(8, 1.2, count))
    x[:, 1] = r.gamma(2, 150, count)
    x[:, 2] = r.normal(0, 3, count)
    x[:, 3] = np.round(r.uniform(0, 1, count), 1)  # tenths: doubles that no 32-bit number equals
    x[:, 4] = np.where(r.uniform(size=count) < 0.9, np.nan, r.normal(0, 1, count))
    x[:, 5] = r.integers(0, 3, count)
    x[:, 6] = r.integers(0, 40, count)
    x[:, 7] = r.integers(0, 24, count)
    for column, missing in ((1, 0.2), (2, 0.35), (5, 0.1), (6, 0.15), (7, 0.05)):
        x[r.uniform(size=count) < missing, column] = np.nan
    known = np.nan_to_num(x)
    odds = (
        -2.5
        + 0.6 * (np.log(known[:, 0]) - 8)
        + np.where(np.isnan(x[:, 1]), 0.9, -known[:, 1] / 400)
        + np.where(known[:, 5] == 2, 1.2, 0)
        + np.where(known[:, 6] % 7 == 3, 1.5, 0)
        + np.where(known[:, 7] < 5, 0.8, 0)
        + np.where(np.isnan(x[:, 4]), 0, 0.7)
        + 0.5 * known[:, 3] * np.sign(known[:, 2])
    )
    y = (r.uniform(size=count) < 1 / (1 + np.exp(-odds))).astype(float)
    return x, y


def matrix(x, y=None):
    return xgb.DMatrix(x, y, feature_names=NAMES, feature_types=TYPES, enable_categorical=True, nthread=1)


def cases(models):
    """Drawn inputs, then such that stand on thresholds, then categories nobody was trained with."""
    drawn, _ = people(120, 11)
    rows = []
    usual = [3000.0, 200.0, 0.5, 0.3, float("nan"), 1.0, 10.0, 12.0]
    for model in models:
        for tree in model["learner"]["gradient_booster"].get("gbtree", model["learner"]["gradient_booster"])["model"]["trees"][:4]:
            for node, left in enumerate(tree["left_children"]):
                if left == -1 or tree["split_type"][node] == 1:
                    continue
                column, cut = tree["split_indices"][node], float(np.float32(tree["split_conditions"][node]))
                step = float(np.spacing(np.float32(cut)))
                # On it, and a hair below it: less than a quarter of what a 32-bit number can tell.
                for value in (cut, cut - step / 8):
                    row = list(usual)
                    row[column] = value
                    rows.append(row)
    rows = [list(row) for row in drawn] + rows[:130]
    for kind, shop in ((3, 10), (1, 40), (1, 63), (1, 64), (1, 500), (70, 10), (31, 32), (2, float("nan")), (1.9, 10.6), (-1, 3), (2, 3e7)):
        row = list(usual)
        row[5], row[6] = float(kind), float(shop)
        rows.append(row)
    rows.append([float("nan")] * len(NAMES))
    return np.array(rows)


def main():
    x, y = people(6000, 7)
    train = matrix(x, y)
    common = {"objective": "binary:logistic", "nthread": 1, "seed": 3, "max_cat_to_onehot": 4, "base_score": 0.2}
    boosters = {
        "xgboost-hist": xgb.train({**common, "tree_method": "hist", "max_depth": 5, "eta": 0.2}, train, 40),
        "xgboost-dart": xgb.train(
            {**common, "booster": "dart", "tree_method": "approx", "max_depth": 4, "eta": 0.3, "rate_drop": 0.2, "base_score": 0.5},
            train,
            20,
        ),
    }
    models = []
    for name, booster in boosters.items():
        path = os.path.join(HERE, name + ".json")
        booster.save_model(path)
        with open(path) as file:
            models.append(json.load(file))
    told = cases(models)
    data = matrix(told)
    out = {
        "about": "Inputs (null: missing) and what XGBoost " + xgb.__version__ + " predicts; made by make-xgboost.py",
        "features": NAMES,
        "inputs": [[None if np.isnan(value) else value for value in row] for row in told.tolist()],
        "predictions": {
            name: {
                "margin": booster.predict(data, output_margin=True, training=False).tolist(),
                "probability": booster.predict(data, training=False).tolist(),
                # Along the path of each tree, the last column for the base: what our contributions are held against.
                "contributions": booster.predict(data, pred_contribs=True, approx_contribs=True, training=False).tolist()[::5],
            }
            for name, booster in boosters.items()
        },
    }
    with open(os.path.join(HERE, "xgboost-cases.json"), "w") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")


main()
